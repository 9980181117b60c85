import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol
import TestSupport
import Testing

@Suite struct URLTests {
    private func send(
        _ s3: InProcessS3,
        _ method: HTTPMethod,
        _ url: String,
        _ body: String = "",
        headers: HTTPHeaders = [:]
    ) async throws -> (status: UInt, headers: HTTPHeaders, text: String) {
        var headers = headers
        headers.add(name: "Host", value: "127.0.0.1:9000")
        if method == .PUT {
            headers.add(name: "Content-Length", value: String(body.utf8.count))
        }
        let request = HTTPRequest(
            method: method,
            target: String(url.dropFirst("http://127.0.0.1:9000".count)),
            headers: headers,
            body: HTTPBody(ByteBuffer(string: body))
        )
        let origin = HTTPOrigin(isSecure: false, host: "127.0.0.1", port: 9000)
        let response = try await s3.transport.send(request, to: origin)
        let text = String(buffer: try await response.body.all())
        return (response.status.code, response.headers, text)
    }

    @Test func `a signed URL lets write, read, look and remove, each with its own`() async throws {
        let s3 = try await InProcessS3()
        let client = try s3.client()
        func url(_ method: HTTPMethod) throws -> String {
            try client.presign(method, bucket: "photos", key: "a b+ö/1.txt")
        }
        #expect(try await send(s3, .PUT, url(.PUT), "hello").status == 200)
        #expect(try await send(s3, .GET, url(.GET)).text == "hello")
        #expect(try await send(s3, .HEAD, url(.HEAD)).status == 200)
        #expect(try await send(s3, .DELETE, url(.GET)).status == 403)
        #expect(try await send(s3, .DELETE, url(.DELETE)).status == 204)
        #expect(try await send(s3, .GET, url(.GET)).status == 404)
    }

    @Test func `a signed URL expires, and cannot be tampered with`() async throws {
        let s3 = try await InProcessS3()
        let client = try s3.client()
        _ = try await client.putObject(bucket: "photos", key: "k", body: .empty)
        let url = try client.presign(
            .GET,
            bucket: "photos",
            key: "k",
            query: [("response-content-disposition", "attachment")],
            expires: 60
        )
        let reply = try await send(s3, .GET, url)
        #expect(reply.status == 200)
        #expect(reply.headers.first(name: "Content-Disposition") == "attachment")
        let other = url.split(separator: "attachment").joined(separator: "inline")
        #expect(try await send(s3, .GET, other).status == 403)
        s3.time.advance(bySeconds: 61)
        #expect(try await send(s3, .GET, url).text.contains("Request has expired"))
    }

    @Test func `a header that was signed must be sent as it was signed`() async throws {
        let s3 = try await InProcessS3()
        let url = try s3.client().presign(
            .PUT,
            bucket: "photos",
            key: "k",
            headers: ["Content-Type": "image/png"]
        )
        let wrong = try await send(s3, .PUT, url, "x", headers: ["Content-Type": "text/html"])
        #expect(wrong.status == 403)
        let right = try await send(s3, .PUT, url, "x", headers: ["Content-Type": "image/png"])
        #expect(right.status == 200)
    }

    @Test(arguments: [Int.min, -1, 0, 604_801, Int.max])
    func `a life that no URL can have is refused`(seconds: Int) async throws {
        let client = try await InProcessS3().client()
        #expect(throws: S3ClientError.self) {
            try client.presign(.GET, bucket: "photos", key: "k", expires: seconds)
        }
    }

    @Test func `a header that would begin another is refused`() async throws {
        let client = try await InProcessS3().client()
        await #expect(throws: S3ClientError.self) {
            _ = try await client.putObject(
                bucket: "photos",
                key: "k",
                body: .empty,
                headers: ["x-amz-meta-title": "a\r\nx-amz-acl: public-read"]
            )
        }
    }

    @Test func `an empty key is refused, since the request would be about the bucket`()
        async throws
    {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport)
        let client = try s3.client(over: faulty)
        await #expect(throws: S3ClientError.self) {
            try await client.deleteObject(bucket: "photos", key: "")
        }
        await #expect(throws: S3ClientError.self) {
            _ = try await client.upload(bucket: "photos", key: "", body: .empty)
        }
        #expect(throws: S3ClientError.self) {
            try client.presign(.DELETE, bucket: "photos", key: "")
        }
        #expect(faulty.sent.isEmpty)
    }

    @Test func `a public URL is the plain address`() async throws {
        let client = try await InProcessS3().client(at: S3Endpoint(region: "eu-north-1"))
        #expect(
            try client.publicURL(bucket: "photos", key: "a b/ö+1.jpg")
                == "https://photos.s3.eu-north-1.amazonaws.com/a%20b/%C3%B6%2B1.jpg"
        )
    }
}
