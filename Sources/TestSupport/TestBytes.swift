public import HTTPMessage
public import NIOCore
import Synchronization

/// Bodies of tests.
public enum TestBytes {
    /// Bytes that differ from their neighbours, the same for the same count and seed.
    public static func make(_ count: Int, seed: UInt8 = 1) -> ByteBuffer {
        var word = UInt32(seed) &* 2_654_435_761 | 1
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            word ^= word << 13
            word ^= word >> 17
            word ^= word << 5
            bytes.append(UInt8(truncatingIfNeeded: word >> 11))
        }
        return ByteBuffer(bytes: bytes)
    }

    /// Bytes that come once, in pieces.
    public static func stream(
        _ bytes: ByteBuffer,
        pieces: Int,
        tellsLength: Bool = true
    ) -> HTTPBody {
        let rest = Mutex(bytes)
        return HTTPBody(length: tellsLength ? bytes.readableBytes : nil) {
            rest.withLock { rest in
                let count = min(pieces, rest.readableBytes)
                return count == 0 ? nil : rest.readSlice(length: count)
            }
        }
    }
}

extension HTTPBody {
    /// All of it.
    public func all() async throws -> ByteBuffer {
        var bytes = ByteBuffer()
        while var piece = try await next() { bytes.writeBuffer(&piece) }
        return bytes
    }
}
