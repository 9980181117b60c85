public import NIOCore
import Synchronization

extension MediaBody {
    /// A body that is all there.
    public static func whole(_ buffer: ByteBuffer) -> MediaBody {
        let rest = Mutex<ByteBuffer?>(buffer.readableBytes == 0 ? nil : buffer)
        return MediaBody { rest.withLock { $0.take() } }
    }

    /// All of the bytes at once.
    ///
    /// - Parameter limit: How many at most.
    /// - Returns: The bytes.
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/refused`` where there are more; what the body throws.
    public func collect(upTo limit: Int) async throws -> ByteBuffer {
        var whole = ByteBuffer()
        for try await var piece in self {
            guard piece.readableBytes <= limit - whole.readableBytes else {
                throw StorageError(.refused, message: "The file is longer than \(limit) bytes.")
            }
            whole.writeBuffer(&piece)
        }
        return whole
    }

    /// The same bytes, ending with an error where they are not as many as was said.
    func checked(length: Int64) -> MediaBody {
        let rest = Mutex(length)
        return MediaBody {
            let piece = try await makeAsyncIterator().next()
            let left = rest.withLock { left in
                left -= Int64(piece?.readableBytes ?? 0)
                return left
            }
            guard left >= 0, piece != nil || left == 0 else {
                throw StorageError(
                    .corrupted,
                    message: "A file was to have \(length) bytes, and had another number."
                )
            }
            return piece
        }
    }
}
