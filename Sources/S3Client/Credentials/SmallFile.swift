import Glibc

/// Reads a small file, or tells `nil` where there is none.
public typealias ReadFile = @Sendable (_ path: String) throws(S3ClientError) -> String?

/// Files of settings on this machine.
public enum SmallFile {
    /// Bytes of a file of settings: far more than the largest has.
    static let limit = 1 << 20

    /// Reads a file of text from the disk.
    ///
    /// - Returns: `nil` where there is none.
    /// - Throws: ``S3ClientError`` where there is one and it cannot be read, or is no text of at most 1 MiB.
    public static let read: ReadFile = { path throws(S3ClientError) in
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .credentials("\(path) cannot be read.", advice: "Look at its permissions.")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = unsafe piece.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .credentials("\(path) cannot be read.") }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        guard bytes.count <= limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw .credentials("\(path) is no file of settings.")
        }
        return text
    }
}
