import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing

extension TestS3 {
    /// Sends a request that nobody signs.
    func anonymous(
        _ method: HTTPMethod,
        _ target: String,
        _ body: String = "",
        headers: HTTPHeaders = [:],
        host: String = "127.0.0.1:9000",
        peer: String = "127.0.0.1",
        isSecure: Bool = false
    ) async -> Reply {
        var headers = headers
        headers.replaceOrAdd(name: "host", value: host)
        if method == .PUT || method == .POST {
            headers.replaceOrAdd(name: "content-length", value: String(body.utf8.count))
        }
        return await raw(
            HTTPRequest(
                method: method,
                target: target,
                headers: headers,
                body: HTTPBody(.init(string: body)),
                peer: peer,
                isSecure: isSecure
            )
        )
    }

    /// Puts a policy of statements on the bucket `photos`.
    func allow(_ statements: String, as credential: Credential = TestS3.root) async -> Reply {
        await send(
            .PUT,
            "/photos?policy",
            #"{"Version": "2012-10-17", "Statement": [\#(statements)]}"#,
            as: credential
        )
    }

    /// A store of which nothing is blocked and in which lists count.
    static func legacy(
        log: @escaping @Sendable (AccessLogEntry) -> Void = { _ in }
    ) async throws -> TestS3 {
        try await TestS3(configuration: ServiceConfiguration(bucketDefaults: .legacy), log: log)
    }

    /// The number of a user's account.
    func account(of credential: Credential) -> String {
        store.directory.credential(credential.accessKey)?.account.number ?? ""
    }

    /// The canonical ID of a user's account.
    func canonicalID(of credential: Credential) -> String {
        store.directory.credential(credential.accessKey)?.account.canonicalID ?? ""
    }
}

/// A statement of a bucket's policy that lets everybody in.
func statement(_ action: String, _ resource: String = "photos/*") -> String {
    statement("Allow", nil, action, resource)
}

/// A statement of a bucket's policy, for everybody where nobody is named.
func statement(
    _ effect: String,
    _ principal: String?,
    _ action: String,
    _ resource: String = "photos/*",
    more: String = ""
) -> String {
    """
    {"Sid": "Said", "Effect": "\(effect)", "Principal": \(principal ?? "\"*\""), "Action": "\(action)",
     "Resource": "arn:aws:s3:::\(resource)"\(more)}
    """
}

/// A body's checksum, as a header tells it.
func crc32(_ body: String) -> String {
    var crc = CRC32()
    crc.update(Array(body.utf8))
    return Base64.encode(crc.bytes)
}

/// A document of a user that may do everything to S3.
let everything = #"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#
