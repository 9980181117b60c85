import CThumbnails
import Glibc
public import NIOCore

/// Where an encoded image is.
public enum ImageSource: Sendable {
    /// In memory.
    case bytes(ByteBuffer)
    /// In a file of this machine.
    case file(path: String)
}

extension ImageSource {
    /// Opens the source for libvips, for as long as a closure runs.
    func withOpen<Value>(
        upTo limit: Int,
        _ body: (OpaquePointer) throws -> Value
    ) throws -> Value {
        guard thumbnails_start() == 0 else { throw ImageError.failed }
        defer { thumbnails_end_thread() }
        switch self {
        case .bytes(let buffer):
            guard buffer.readableBytes <= limit else { throw ImageError.tooManyBytes(limit) }
            return try unsafe buffer.withUnsafeReadableBytes { bytes in
                try unsafe Self.use(thumbnails_open_bytes(bytes.baseAddress, bytes.count), body)
            }
        case .file(let path):
            let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { throw ImageError.unreadable }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { throw ImageError.unreadable }
            guard status.st_size <= limit else { throw ImageError.tooManyBytes(limit) }
            return try unsafe Self.use(thumbnails_open_file(descriptor), body)
        }
    }

    @unsafe private static func use<Value>(
        _ source: OpaquePointer?,
        _ body: (OpaquePointer) throws -> Value
    ) throws -> Value {
        guard let source = unsafe source else { throw ImageError.unreadable }
        defer { unsafe thumbnails_close(source) }
        return try unsafe body(source)
    }
}

extension ImageError {
    /// What libvips' answer means; `nil` for success.
    init?(_ result: thumbnails_result, _ limits: ImageLimits) {
        switch result {
        case thumbnails_ok: return nil
        case thumbnails_unknown: self = .notAnImage
        case thumbnails_too_large: self = .tooManyPixels(limits.pixels)
        case thumbnails_damaged: self = .damaged
        default: self = .failed
        }
    }
}
