import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Synchronization
import Testing

final class PresignedChecksumTests: Sendable {
    /// The checksum of an empty body, which an SDK writes into the URL before it has the body.
    private static let ofNothing =
        "x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32"

    private let lines = Mutex<[AccessLogEntry]>([])

    private func put(_ body: String, isStrict: Bool) async throws -> (reply: Reply, s3: TestS3) {
        let s3 = try await TestS3(configuration: ServiceConfiguration(isStrict: isStrict)) {
            entry in
            self.lines.withLock { $0.append(entry) }
        }
        let target = SignatureV4.presign(
            SignableRequest(
                method: "PUT",
                target: "/photos/a?\(Self.ofNothing)",
                headers: ["host": "h"]
            ),
            by: TestS3.root,
            region: "us-east-1",
            expiresIn: 60,
            at: s3.time.now()
        )
        let request = HTTPRequest(
            method: .PUT,
            target: target,
            headers: ["host": "h", "content-length": "\(body.utf8.count)"],
            body: HTTPBody(ByteBuffer(string: body))
        )
        return (await s3.raw(request), s3)
    }

    @Test func `a checksum in a presigned query is ignored, and the log says so`() async throws {
        let (reply, s3) = try await put("a body that came later", isStrict: false)

        #expect(reply.status == 200)
        #expect(await s3.send(.GET, "/photos/a").text == "a body that came later")
        let first = lines.withLock { $0.first }
        #expect(
            first?.reason
                == "x-amz-checksum-crc32 in the query is ignored; --strict holds the body to it"
        )
    }

    @Test func `--strict holds the body to it, as S3 does`() async throws {
        let (refused, s3) = try await put("a body that came later", isStrict: true)

        #expect(refused.errorCode == "BadDigest")
        #expect(await s3.send(.GET, "/photos/a").status == 404)
        #expect(try await put("", isStrict: true).reply.status == 200)
    }
}
