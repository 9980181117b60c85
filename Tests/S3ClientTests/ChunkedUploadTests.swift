import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import Signing
import TestSupport
import Testing

@testable import S3Client

@Suite struct ChunkedUploadTests {
    @Test(arguments: [0, 1, 15, 16, 65_535, 65_536, 65_537, 200_000], [true, false])
    func `the length that is told is the length that is sent`(
        count: Int,
        isCovered: Bool
    ) async throws {
        for check in UploadChecksum.allCases {
            let body = RequestBody.stream(TestBytes.stream(TestBytes.make(count), pieces: 999))
            let payload = try await Payload(body, check: check, isCovered: isCovered)
            let signing =
                isCovered
                ? SignatureV4.sign(
                    SignableRequest(method: "PUT", target: "/", headers: ["Host": "h"]),
                    by: InProcessS3.root,
                    region: "us-east-1",
                    payload: payload.signing,
                    at: Timestamp(seconds: 0)
                ).chunkSigning : nil
            let sent = try await payload.open(signing).all()
            let told = payload.headers.first(name: "Content-Length").flatMap { Int($0) }
            #expect(told == sent.readableBytes)
            #expect(payload.headers.first(name: "x-amz-decoded-content-length") == "\(count)")
        }
    }

    @Test func `a stream of unknown length is refused with the way around it`() async throws {
        let client = try await InProcessS3().client()
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await client.putObject(
                bucket: "photos",
                key: "k",
                body: .stream(HTTPBody(length: nil) { nil })
            )
        }
        #expect(error?.advice.contains("upload") == true)
    }

    @Test func `its own encoding stands beside that of the frames, and is kept`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport)
        let client = try s3.client(over: faulty)
        _ = try await client.putObject(
            bucket: "photos",
            key: "k",
            body: .stream(TestBytes.stream(TestBytes.make(10), pieces: 3)),
            headers: ["Content-Encoding": "gzip"]
        )
        #expect(faulty.sent.first?.header("Content-Encoding") == "gzip,aws-chunked")
        let head = try await client.headObject(bucket: "photos", key: "k")
        #expect(head.headers.first(name: "Content-Encoding") == "gzip")
    }

    @Test func `anonymous requests are unsigned, and still checked`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport)
        let client = S3Client(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:9000"),
            credentials: nil,
            transport: faulty
        )
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await client.putObject(
                bucket: "photos",
                key: "k",
                body: .stream(TestBytes.stream(TestBytes.make(10), pieces: 3))
            )
        }
        #expect(error?.code == "AccessDenied")
        let sent = try #require(faulty.sent.first)
        #expect(sent.header("Authorization") == nil)
        #expect(sent.header("x-amz-content-sha256") == "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        #expect(sent.header("x-amz-trailer") == "x-amz-checksum-crc64nvme")
    }
}
