import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Testing

@Suite struct AuthenticationTests {
    @Test func `an unsigned request is denied`() async throws {
        let s3 = try await TestS3()

        let reply = await s3.raw(
            HTTPRequest(method: .GET, target: "/photos/a", headers: ["host": "x"])
        )

        #expect(reply.status == 403)
        #expect(reply.errorCode == "AccessDenied")
    }

    @Test func `a wrong secret is told which strings were signed, and never the signature`()
        async throws
    {
        let s3 = try await TestS3()
        let wrong = Credential(accessKey: "AKIAROOT", secret: Secret("wrong"), sessionToken: nil)

        let reply = await s3.send(.GET, "/photos/a", as: wrong)

        #expect(reply.status == 403)
        #expect(reply.errorCode == "SignatureDoesNotMatch")
        #expect(reply["AWSAccessKeyId"] == "AKIAROOT")
        #expect(reply["StringToSign"]?.hasPrefix("AWS4-HMAC-SHA256\n") == true)
        #expect(reply["CanonicalRequest"]?.hasPrefix("GET\n/photos/a\n") == true)
        #expect(!reply.text.contains("root-secret"))
    }

    @Test func `an unknown key is named`() async throws {
        let stranger = Credential(accessKey: "AKIANOBODY", secret: Secret("x"), sessionToken: nil)

        let reply = try await TestS3().send(.GET, "/photos/a", as: stranger)

        #expect(reply.errorCode == "InvalidAccessKeyId")
        #expect(reply["AWSAccessKeyId"] == "AKIANOBODY")
    }

    @Test func `a body other than the one that was signed is refused and leaves nothing`()
        async throws
    {
        let s3 = try await TestS3()
        let hash = Hex.encode(HashFunction.hash(.sha256, Array("meow".utf8)))
        let headers = SignatureV4.sign(
            SignableRequest(
                method: "PUT",
                target: "/photos/a",
                headers: ["host": "h", "content-length": "4"]
            ),
            by: TestS3.root,
            region: "us-east-1",
            payload: .sha256(hash),
            at: s3.time.now()
        ).headers

        let reply = await s3.raw(
            HTTPRequest(
                method: .PUT,
                target: "/photos/a",
                headers: headers,
                body: HTTPBody(ByteBuffer(string: "woof"))
            )
        )

        #expect(reply.status == 400)
        #expect(reply.errorCode == "XAmzContentSHA256Mismatch")
        #expect(await s3.send(.GET, "/photos/a").status == 404)
    }

    @Test func `a clock that is off by more than 15 minutes is told both times`() async throws {
        let s3 = try await TestS3()
        let headers = SignatureV4.sign(
            SignableRequest(method: "GET", target: "/", headers: ["host": "h"]),
            by: TestS3.root,
            region: "us-east-1",
            payload: .unsigned,
            at: s3.time.now().advanced(bySeconds: -901)
        ).headers

        let reply = await s3.raw(HTTPRequest(method: .GET, target: "/", headers: headers))

        #expect(reply.status == 403)
        #expect(reply.errorCode == "RequestTimeTooSkewed")
        #expect(reply["ServerTime"] == "2023-11-14T22:13:20Z")
    }

    @Test func `a user does what its policies allow and nothing else`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        let nobody = try await s3.user("nobody", policy: nil)

        #expect(await s3.send(.GET, "/photos/a", as: reader).text == "x")
        #expect(await s3.send(.GET, "/photos?list-type=2", as: reader).all("Key") == ["a"])
        #expect(await s3.send(.PUT, "/photos/a", "y", as: reader).errorCode == "AccessDenied")
        #expect(await s3.send(.DELETE, "/photos/a", as: reader).errorCode == "AccessDenied")
        #expect(await s3.send(.GET, "/photos/a", as: nobody).errorCode == "AccessDenied")
        #expect(await s3.send(.GET, "/photos/a").text == "x")
    }

    @Test func `a policy names keys, also for each key of DeleteObjects and for a copy's source`()
        async throws
    {
        let s3 = try await TestS3()
        for key in ["open/a", "closed/a"] { _ = await s3.send(.PUT, "/photos/\(key)", "x") }
        let user = try await s3.user(
            "some",
            document: """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::photos/open/*", "arn:aws:s3:::photos"]},
                  {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/open/secret"}]}
                """
        )
        let document =
            "<Delete><Object><Key>open/a</Key></Object><Object><Key>closed/a</Key></Object></Delete>"
        let md5 = Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))

        let copy = await s3.send(
            .PUT,
            "/photos/open/b",
            headers: ["x-amz-copy-source": "photos/closed/a"],
            as: user
        )
        #expect(copy.errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/photos/open/secret", "x", as: user).status == 200)
        #expect(await s3.send(.GET, "/photos/open/secret", as: user).errorCode == "AccessDenied")
        let deleted = await s3.send(
            .POST,
            "/photos?delete",
            document,
            headers: ["content-md5": md5],
            as: user
        )
        #expect(deleted.all("Deleted") == ["<Key>open/a</Key>"])
        #expect(deleted.all("Code") == ["AccessDenied"])
        #expect(await s3.send(.HEAD, "/photos/closed/a").status == 200)
    }

    @Test func `a deleted user's key is unknown at once`() async throws {
        let s3 = try await TestS3()
        let user = try await s3.user("gone", policy: "AmazonS3FullAccess")
        #expect(await s3.send(.GET, "/", as: user).status == 200)

        try await s3.store.directory.deleteUser("gone")

        #expect(await s3.send(.GET, "/", as: user).errorCode == "InvalidAccessKeyId")
    }

    @Test func `a presigned URL works until it expires`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let target = SignatureV4.presign(
            SignableRequest(method: "GET", target: "/photos/a", headers: ["host": "h"]),
            by: TestS3.root,
            region: "eu-west-1",
            expiresIn: 60,
            at: s3.time.now()
        )
        func get() async -> Reply {
            await s3.raw(HTTPRequest(method: .GET, target: target, headers: ["host": "h"]))
        }

        #expect(await get().text == "x")
        s3.time.advance(bySeconds: 61)
        let late = await get()
        #expect(late.errorCode == "AccessDenied")
        #expect(late["Message"] == "Request has expired")
    }
}
