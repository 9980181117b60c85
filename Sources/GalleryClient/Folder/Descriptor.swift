import FoundationEssentials
import Glibc
import NIOCore

/// An open file or folder, closed with its last user.
final class Descriptor: Sendable {
    /// Bytes that are read or written at once: large enough for a disk, small beside an image.
    static let pieceBytes = 256 << 10

    let number: CInt

    /// Takes over a descriptor.
    init(owning number: CInt) { self.number = number }

    deinit { close(number) }

    /// What the disk knows of it.
    func status() throws(StorageError) -> FileStatus {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else {
            throw .disk(errno, "A file's size cannot be read")
        }
        return FileStatus(status)
    }

    /// Reads once; fewer bytes than asked for at the end.
    func read(at offset: Int64, count: Int) throws(StorageError) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        var result = 0
        repeat {
            unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                result = unsafe pread(number, space.baseAddress, count, off_t(offset))
                return max(result, 0)
            }
        } while result < 0 && errno == EINTR
        guard result >= 0 else { throw .disk(errno, "A file cannot be read") }
        return buffer
    }

    /// Writes all of it behind what was written.
    func write(_ buffer: ByteBuffer) throws(StorageError) {
        var rest = buffer
        while rest.readableBytes > 0 {
            let written = unsafe rest.withUnsafeReadableBytes {
                unsafe Glibc.write(number, $0.baseAddress, $0.count)
            }
            if written < 0 && errno == EINTR { continue }
            guard written >= 0 else { throw .disk(errno, "A file cannot be written") }
            rest.moveReaderIndex(forwardBy: written)
        }
    }

    /// Returns when all of it is on the disk.
    func sync() throws(StorageError) {
        guard fsync(number) == 0 else { throw .disk(errno, "A file cannot be brought to the disk") }
    }
}

/// What the disk knows of a file.
struct FileStatus: Sendable {
    let isFile: Bool
    let isFolder: Bool
    let size: Int64
    let modified: Date
    /// Changes with the content: the time of the last change in nanoseconds, and the length, as web servers make it.
    let etag: String

    init(_ status: stat) {
        isFile = status.st_mode & S_IFMT == S_IFREG
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        size = Int64(status.st_size)
        let seconds = Int64(status.st_mtim.tv_sec)
        let nanoseconds = Int64(status.st_mtim.tv_nsec)
        modified = Date(
            timeIntervalSince1970: Double(seconds) + Double(nanoseconds) / 1_000_000_000
        )
        let time = seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
        etag =
            String(UInt64(bitPattern: time &+ nanoseconds), radix: 16) + "-"
            + String(size, radix: 16)
    }
}

extension StorageError {
    /// What the disk said.
    static func disk(_ code: CInt, _ what: String) -> StorageError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let message = "\(what): \(reason)."
        switch code {
        case ENOENT: return StorageError(.notFound, message: message)
        case EACCES, EPERM, EROFS:
            return StorageError(
                .accessDenied,
                message: message,
                advice:
                    "Give this process's user the right to it, or set MEDIA_ROOT to another folder."
            )
        case ENAMETOOLONG:
            return StorageError(
                .invalidName,
                message: message,
                advice: "A folder's file system takes names of up to 255 bytes between slashes."
            )
        case ENOSPC, EDQUOT:
            return StorageError(.unavailable, message: message, advice: "Make room on the disk.")
        case ELOOP, ENOTDIR:
            return StorageError(
                .refused,
                message: message,
                advice: "It is no folder; symbolic links in a media folder are not followed."
            )
        default: return StorageError(.unavailable, message: message)
        }
    }
}
