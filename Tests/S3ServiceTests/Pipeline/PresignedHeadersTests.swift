import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Testing

@Suite struct PresignedHeadersTests {
    private func put(
        _ s3: TestS3,
        _ query: String,
        headers: HTTPHeaders = [:],
        method: HTTPMethod = .PUT
    ) async -> Reply {
        let target = SignatureV4.presign(
            SignableRequest(
                method: method.rawValue,
                target: "/photos/a?\(query)",
                headers: ["host": "h"]
            ),
            by: TestS3.root,
            region: "us-east-1",
            expiresIn: 60,
            at: s3.time.now()
        )
        var all: HTTPHeaders = ["host": "h", "content-length": "1"]
        all.add(contentsOf: headers)
        return await s3.raw(
            HTTPRequest(
                method: method,
                target: target,
                headers: all,
                body: HTTPBody(ByteBuffer(string: "x"))
            )
        )
    }

    @Test func `what a presigned query says is as good as a header`() async throws {
        let s3 = try await TestS3()
        let query =
            "x-amz-meta-Colour=red&x-amz-meta-name=Mini%C3%B6&x-amz-tagging=a%3Db"
            + "&x-amz-storage-class=STANDARD_IA&Content-Type=image%2Fjpeg"
        #expect(await put(s3, query).status == 200)

        let told = await s3.send(.HEAD, "/photos/a")
        #expect(told.header("x-amz-meta-colour") == "red")
        #expect(told.header("x-amz-meta-name") == "=?UTF-8?Q?Mini=C3=B6?=")
        #expect(told.header("x-amz-storage-class") == "STANDARD_IA")
        #expect(told.header("content-type") == "image/jpeg")
        #expect(await s3.send(.GET, "/photos/a?tagging").all("Key") == ["a"])
    }

    /// S3 was seen to do so.
    ///
    /// [The record](https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3/test_s3.py)
    @Test func `a condition in a presigned query holds`() async throws {
        let s3 = try await TestS3()
        #expect(await put(s3, "If-None-Match=%2A").status == 200)
        #expect(await put(s3, "If-None-Match=%2A").status == 412)
        #expect(await put(s3, "If-Match=0123").status == 412)
    }

    @Test func `a header counts before the query`() async throws {
        let s3 = try await TestS3()
        let reply = await put(
            s3,
            "Content-Type=image%2Fjpeg",
            headers: ["content-type": "text/plain"]
        )
        #expect(reply.status == 200)
        #expect(await s3.send(.HEAD, "/photos/a").header("content-type") == "text/plain")
    }

    @Test func `what could be no header, and what is refused as one, is refused in a query`()
        async throws
    {
        let s3 = try await TestS3()
        #expect(await put(s3, "x-amz-meta-a=b%0D%0Ac%3A").errorCode == "InvalidArgument")
        #expect(await put(s3, "x-amz-meta-a%0Ab=c").errorCode == "InvalidArgument")
        #expect(await put(s3, "x-amz-storage-class=COSY").errorCode == "InvalidStorageClass")
        #expect(await put(s3, "x-amz-write-offset-bytes=1").status == 501)
        #expect(await put(s3, "x-amz-server-side-encryption=AES256").status == 501)
        #expect(await s3.send(.HEAD, "/photos/a").status == 404)
    }

    @Test func `version 2 takes no header from a query that it does not sign`() async throws {
        let s3 = try await TestS3()
        let target = SignatureV2.presign(
            SignableRequest(
                method: "PUT",
                target: "/photos/a?x-amz-meta-colour=red&content-type=image%2Fjpeg",
                headers: ["host": "h"]
            ),
            by: TestS3.root,
            until: s3.time.now().advanced(bySeconds: 60)
        )
        func put(_ more: String) async -> Reply {
            await s3.raw(
                HTTPRequest(
                    method: .PUT,
                    target: target + more,
                    headers: ["host": "h", "content-length": "1"],
                    body: HTTPBody(ByteBuffer(string: "x"))
                )
            )
        }
        // Nobody signed these: the second of a name, another spelling, other headers.
        let more =
            "&x-amz-meta-colour=blue&X-Amz-Meta-Size=XL&X-Amz-Storage-Class=STANDARD_IA"
            + "&Cache-Control=no-store&Content-Type=text%2Fhtml"
        #expect(await put(more).status == 200)
        let told = await s3.send(.HEAD, "/photos/a")
        #expect(told.header("x-amz-meta-colour") == "red")
        #expect(told.header("content-type") == "image/jpeg")
        for name in ["x-amz-meta-size", "x-amz-storage-class", "cache-control"] {
            #expect(told.header(name) == nil, "\(name)")
        }
        #expect(await put("&x-amz-acl=public-read").errorCode == "SignatureDoesNotMatch")
    }

    @Test func `a query that is not presigned has no headers`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.PUT, "/photos/a?x-amz-meta-colour=red", "x").status == 200)
        #expect(await s3.send(.HEAD, "/photos/a").header("x-amz-meta-colour") == nil)
    }

    @Test func `to write with tags in a presigned query needs the right to tag`() async throws {
        let s3 = try await TestS3()
        let user = try await s3.user(
            "ann",
            document: """
                {"Version": "2012-10-17", "Statement": [{\
                "Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}
                """
        )
        let target = SignatureV4.presign(
            SignableRequest(
                method: "PUT",
                target: "/photos/a?x-amz-tagging=a%3Db",
                headers: ["host": "h"]
            ),
            by: user,
            region: "us-east-1",
            expiresIn: 60,
            at: s3.time.now()
        )
        let reply = await s3.raw(
            HTTPRequest(
                method: .PUT,
                target: target,
                headers: ["host": "h", "content-length": "0"],
                body: HTTPBody(ByteBuffer())
            )
        )
        #expect(reply.errorCode == "AccessDenied")
    }
}
