import Glibc
import HTTPMessage
import NIOCore
import Synchronization

/// Files on this machine that are uploaded.
enum LocalFile {
    /// Bytes that are read at once: large enough for the disk, small beside the parts in flight.
    static let pieceBytes = 256 << 10

    /// Opens a regular file.
    static func open(_ path: String) throws(S3ClientError) -> (file: OpenFile, size: Int64) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        let file = OpenFile(owning: descriptor)
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw S3ClientError(.file, message: "\(path) is no regular file.")
        }
        return (file, Int64(status.st_size))
    }

    /// A run of a file's bytes, piece by piece.
    static func body(of file: OpenFile, _ range: Range<Int64>) -> HTTPBody {
        let position = Mutex(range.lowerBound)
        return HTTPBody(length: range.count) {
            let start = position.withLock { $0 }
            guard start < range.upperBound else { return nil }
            let count = Int(min(range.upperBound - start, Int64(pieceBytes)))
            let piece = try read(file, start, count)
            position.withLock { $0 += Int64(piece.readableBytes) }
            return piece
        }
    }

    /// Reads once.
    ///
    /// The thread waits for the disk: what is uploaded is nearly always in the page cache, and a piece is small.
    private static func read(
        _ file: OpenFile,
        _ offset: Int64,
        _ count: Int
    ) throws -> ByteBuffer {
        try file.handle.withUnsafeFileDescriptor { descriptor in
            var buffer = ByteBufferAllocator().buffer(capacity: count)
            var result = 0
            repeat {
                unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                    result = unsafe pread(descriptor, space.baseAddress, count, off_t(offset))
                    return max(result, 0)
                }
            } while result < 0 && errno == EINTR
            guard result >= 0 else { throw failure("A file that is uploaded", errno) }
            guard result > 0 else {
                throw S3ClientError(.file, message: "A file became shorter while it was uploaded.")
            }
            return buffer
        }
    }

    private static func failure(_ path: String, _ code: CInt) -> S3ClientError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return S3ClientError(.file, message: "\(path) cannot be read: \(reason).")
    }
}
