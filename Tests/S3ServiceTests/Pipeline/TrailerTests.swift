import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Testing

/// Bodies in `aws-chunked` frames, and what follows them.
@Suite struct TrailerTests {
    /// Puts a body in unsigned frames.
    private func put(
        _ s3: TestS3,
        _ chunks: [String],
        trailer: String = "",
        announced: String? = nil
    ) async -> Reply {
        let frames = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
        let body = frames + "0\r\n" + trailer + "\r\n"
        let length = chunks.reduce(0) { $0 + $1.utf8.count }
        var headers: HTTPHeaders = [
            "host": "127.0.0.1:9000", "content-length": String(body.utf8.count),
            "content-encoding": "aws-chunked", "x-amz-decoded-content-length": String(length),
        ]
        if let announced { headers.add(name: "x-amz-trailer", value: announced) }
        let signed = SignatureV4.sign(
            SignableRequest(method: "PUT", target: "/photos/a", headers: headers),
            by: TestS3.root,
            region: "us-east-1",
            payload: .streamingUnsignedTrailer,
            at: s3.time.now()
        )
        return await s3.raw(
            HTTPRequest(
                method: .PUT,
                target: "/photos/a",
                headers: signed.headers,
                body: HTTPBody(ByteBuffer(string: body))
            )
        )
    }

    // https://github.com/versity/versitygw/issues/1691 has S3's own answer.
    @Test func `a checksum behind the body that no header announces is a malformed trailer`()
        async throws
    {
        let s3 = try await TestS3()
        let crc = "x-amz-checksum-crc32"
        let right = "\(crc):\(crc32("meow"))\r\n"
        let wrong = "\(crc):\(crc32("woof"))\r\n"
        for trailer in [right, wrong, "x-amz-meta-a:b\r\n"] {
            let reply = await put(s3, ["meow"], trailer: trailer)
            #expect((reply.status, reply.errorCode) == (400, "MalformedTrailerError"))
        }
        let another = await put(s3, ["meow"], trailer: right, announced: "x-amz-checksum-crc32c")
        #expect(another.errorCode == "MalformedTrailerError")
        let both = await put(
            s3,
            ["meow"],
            trailer: right + "x-amz-checksum-sha1:x\r\n",
            announced: crc
        )
        #expect(both.errorCode == "MalformedTrailerError")
        #expect(await s3.send(.HEAD, "/photos/a").status == 404)
        // Without any trailer S3 computes a checksum of its own.
        #expect(await put(s3, ["meow"]).header("x-amz-checksum-crc64nvme") != nil)
        #expect(await put(s3, ["meow"], trailer: wrong, announced: crc).errorCode == "BadDigest")
        #expect(await put(s3, ["meow"], trailer: right, announced: crc).status == 200)
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: "The chunk size must be at least 8 KB"
    @Test(arguments: [(false, 200), (true, 403)])
    func `chunks under 8 KiB that are not the last are refused by the strict`(
        isStrict: Bool,
        status: Int
    ) async throws {
        var configuration = ServiceConfiguration()
        configuration.isStrict = isStrict
        let s3 = try await TestS3(configuration: configuration)
        let whole = String(repeating: "a", count: 8192)

        #expect(await put(s3, [whole, "the end"]).status == 200)
        #expect(await put(s3, ["one"]).status == 200)
        let reply = await put(s3, [whole, "short", "the end"])
        #expect(reply.status == status)
        guard isStrict else { return }
        #expect(reply.errorCode == "InvalidChunkSizeError")
        #expect(
            reply["Message"] == "Only the last chunk is allowed to have a size less than 8192 bytes"
        )
        #expect((reply["Chunk"], reply["BadChunkSize"]) == ("3", "5"))
    }
}
