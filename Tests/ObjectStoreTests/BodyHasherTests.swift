import NIOCore
import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct BodyHasherTests {
    private struct Refused: Error {}

    private let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private let threads = WorkerPool(threads: 2)

    @Test func `MD5 on another thread, piece by piece, makes the same digests`() throws {
        var hasher = BodyHasher([.sha256, .crc32])
        for start in stride(from: 0, to: bytes.count, by: 70_000) {
            let piece = Array(bytes[start..<min(start + 70_000, bytes.count)])
            var length = 0
            unsafe piece.withUnsafeBytes { piece in
                unsafe hasher.update(piece, on: threads) { length = piece.count }
            }
            #expect(length == piece.count)
        }
        let whole = BodyDigests(of: ByteBuffer(bytes: bytes), [.sha256, .crc32])
        #expect(hasher.finalize() == whole)
    }

    @Test func `what fails meanwhile is thrown, and the bytes were added all the same`() {
        var hasher = BodyHasher([])
        #expect(throws: Refused.self) {
            try unsafe bytes.withUnsafeBytes { bytes in
                try unsafe hasher.update(bytes, on: threads) { throw Refused() }
            }
        }
        #expect(hasher.finalize() == BodyDigests(of: ByteBuffer(bytes: bytes), []))
    }
}
