import Glibc
import NIOCore
import Synchronization

/// A file that lies in a folder for temporary files as long as somebody holds it.
final class TemporaryFile: Sendable {
    let path: String
    private let descriptor: CInt
    private let written = Mutex(0)

    /// Makes an empty file that only this process's user can read.
    ///
    /// - Throws: ``SiteError`` where the folder takes none.
    init(in folder: String) throws {
        var template = Array("\(folder)/gallery-XXXXXX".utf8CString)
        descriptor = unsafe template.withUnsafeMutableBufferPointer { name in
            guard let start = name.baseAddress else { return -1 }
            return unsafe mkstemp(start)
        }
        let bytes = template.dropLast().map(UInt8.init(bitPattern:))
        path = String(decoding: bytes, as: UTF8.self)
        guard descriptor >= 0 else { throw Self.failure("make a file in \(folder)") }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(path)
    }

    /// How many bytes were written.
    var size: Int { written.withLock { $0 } }

    /// Adds bytes at the end; they go to the system's cache, so this waits for no disk.
    ///
    /// - Throws: ``SiteError`` where there is no room.
    func write(_ bytes: ByteBuffer) throws {
        try unsafe bytes.withUnsafeReadableBytes { bytes in
            var rest = unsafe bytes[...]
            while unsafe !rest.isEmpty {
                let slice = unsafe UnsafeRawBufferPointer(rebasing: rest)
                let count = unsafe Glibc.write(descriptor, slice.baseAddress, slice.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw Self.failure("write to \(path)") }
                unsafe rest = rest.dropFirst(count)
            }
        }
        written.withLock { $0 += bytes.readableBytes }
    }

    private static func failure(_ attempt: String) -> SiteError {
        let reason = unsafe String(cString: strerror(errno))
        return SiteError("Could not \(attempt): \(reason). TMPDIR names another folder.")
    }
}
