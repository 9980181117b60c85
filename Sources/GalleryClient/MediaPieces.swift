import Glibc
import NIOCore

/// The bytes of a source, piece by piece, once, and as many as were announced.
struct MediaPieces: Sendable {
    private let body: MediaBody

    /// Opens a source.
    ///
    /// - Throws: ``StorageError`` where it is a file that cannot be opened.
    init(_ source: MediaSource) async throws {
        switch source {
        case .bytes(let buffer): body = .whole(buffer)
        case .stream(let length, let stream):
            body = length.map { stream.checked(length: $0) } ?? stream
        case .file(let path):
            let (file, size) = try await FolderStorage.threads.run { try Self.open(path) }
            let position = Position(0..<size)
            let pieces = MediaBody {
                guard let (start, count) = position.next(Descriptor.pieceBytes) else { return nil }
                return try await FolderStorage.threads.run {
                    try file.read(at: start, count: count)
                }
            }
            body = pieces.checked(length: size)
        }
    }

    /// The next piece, or `nil` at the end.
    func next() async throws -> ByteBuffer? {
        // The reading closure keeps the place: a further iterator reads on.
        try await body.makeAsyncIterator().next()
    }

    private static func open(_ path: String) throws(StorageError) -> (Descriptor, Int64) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .disk(errno, "\(MediaName.quoted(path)) cannot be opened")
        }
        let file = Descriptor(owning: descriptor)
        let status = try file.status()
        guard status.isFile else {
            throw StorageError(
                .refused,
                message: "\(MediaName.quoted(path)) is no regular file."
            )
        }
        return (file, status.size)
    }
}
