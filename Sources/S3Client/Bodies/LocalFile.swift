import Glibc
import HTTPMessage
import NIOCore
import Synchronization

/// A file on this machine that is uploaded; several of its parts may be read at the same time.
final class LocalFile: Sendable {
    /// Bytes that are read at once: large enough for the disk, small beside the parts in flight.
    static let pieceBytes = 256 << 10

    /// How many bytes it had when it was opened.
    let size: Int64
    private let path: String
    private let descriptor: CInt

    /// Opens a regular file.
    init(_ path: String) throws(S3ClientError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        var status = stat()
        let isKnown = unsafe fstat(descriptor, &status) == 0
        guard isKnown, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw S3ClientError(.file, message: "\(path) is no regular file.")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    /// A run of its bytes, piece by piece.
    func body(_ range: Range<Int64>) -> HTTPBody {
        let position = Mutex(range.lowerBound)
        return HTTPBody(length: range.count) {
            let start = position.withLock { $0 }
            guard start < range.upperBound else { return nil }
            let count = Int(min(range.upperBound - start, Int64(Self.pieceBytes)))
            let piece = try self.read(start, count)
            position.withLock { $0 += Int64(piece.readableBytes) }
            return piece
        }
    }

    /// Reads once.
    ///
    /// The thread waits for the disk: what is uploaded is nearly always in the page cache, and a piece is small.
    private func read(_ offset: Int64, _ count: Int) throws(S3ClientError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        var result = 0
        repeat {
            unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                result = unsafe pread(descriptor, space.baseAddress, count, off_t(offset))
                return max(result, 0)
            }
        } while result < 0 && errno == EINTR
        guard result >= 0 else { throw Self.failure(path, errno) }
        guard result > 0 else {
            throw S3ClientError(.file, message: "\(path) became shorter while it was uploaded.")
        }
        return buffer
    }

    private static func failure(_ path: String, _ code: CInt) -> S3ClientError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return S3ClientError(.file, message: "\(path) cannot be read: \(reason).")
    }
}
