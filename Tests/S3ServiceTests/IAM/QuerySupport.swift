import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing

extension TestS3 {
    /// Asks IAM, as its clients do: a signed form.
    func iam(
        _ action: String,
        _ parameters: KeyValuePairs<String, String> = [:],
        as credential: Credential = TestS3.root
    ) async -> Reply {
        await query("iam", "2010-05-08", action, parameters.map { ($0, $1) }, as: credential)
    }

    /// Asks STS.
    func sts(
        _ action: String,
        _ parameters: KeyValuePairs<String, String> = [:],
        as credential: Credential = TestS3.root
    ) async -> Reply {
        await query("sts", "2011-06-15", action, parameters.map { ($0, $1) }, as: credential)
    }

    /// Asks a service by a form that is signed, unless nobody signs it.
    func query(
        _ service: String,
        _ version: String,
        _ action: String,
        _ parameters: [(String, String)],
        as credential: Credential?,
        scope: String? = nil,
        sending: String? = nil
    ) async -> Reply {
        let body = ([("Action", action), ("Version", version)] + parameters)
            .map { "\(PercentCoding.encode($0))=\(PercentCoding.encode($1))" }
            .joined(separator: "&")
        var headers: HTTPHeaders = [
            "host": "127.0.0.1:9000",
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        ]
        if let credential {
            headers =
                SignatureV4.sign(
                    SignableRequest(method: "POST", target: "/", headers: headers),
                    by: credential,
                    region: "us-east-1",
                    service: scope ?? service,
                    payload: .absent,
                    bodySHA256: Hex.encode(HashFunction.hash(.sha256, Array(body.utf8))),
                    at: time.now()
                ).headers
        }
        let sent = sending ?? body
        headers.add(name: "content-length", value: String(sent.utf8.count))
        return await raw(
            HTTPRequest(
                method: .POST,
                target: "/",
                headers: headers,
                body: HTTPBody(ByteBuffer(string: sent))
            )
        )
    }

    /// Makes a user with an access key, by IAM.
    func iamUser(_ name: String, as credential: Credential = TestS3.root) async -> Credential {
        _ = await iam("CreateUser", ["UserName": name], as: credential)
        let key = await iam("CreateAccessKey", ["UserName": name], as: credential)
        return Credential(
            accessKey: key["AccessKeyId"] ?? "",
            secret: Secret(key["SecretAccessKey"] ?? "")
        )
    }

    /// Becomes a role.
    func become(
        _ arn: String,
        _ parameters: KeyValuePairs<String, String> = [:],
        as credential: Credential
    ) async -> (reply: Reply, credential: Credential) {
        let reply = await query(
            "sts",
            "2011-06-15",
            "AssumeRole",
            [("RoleArn", arn), ("RoleSessionName", "night")] + parameters.map { ($0, $1) },
            as: credential
        )
        return (reply, reply.temporary)
    }
}

extension Reply {
    /// The temporary key that the reply tells.
    var temporary: Credential {
        Credential(
            accessKey: self["AccessKeyId"] ?? "",
            secret: Secret(self["SecretAccessKey"] ?? ""),
            sessionToken: self["SessionToken"] ?? ""
        )
    }
}

/// A policy with one statement.
func policy(_ effect: String, _ action: String, _ resource: String = "*") -> String {
    #"{"Version": "2012-10-17", "Statement": [{"Effect": "\#(effect)", "Action": "\#(action)", "Resource": "\#(resource)"}]}"#
}

/// A role's policy that trusts somebody.
func trust(_ principal: String, action: String = "sts:AssumeRole", condition: String = "") -> String
{
    #"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "\#(principal)"}, "Action": "\#(action)"\#(condition)}]}"#
}

let amazon = "arn:aws:iam::aws:policy/"
