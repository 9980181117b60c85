import HTTPMessage
import NIOCore
import S3Client

/// The bytes of a save, in the form that the client sends.
struct UploadBody: Sendable {
    let content: RequestBody
    /// Whether it can be sent again.
    let isReplayable: Bool

    /// Opens a source.
    ///
    /// - Parameters:
    ///   - source: The bytes.
    ///   - compressing: Whether they are sent as gzip.
    ///   - limit: How many bytes of a stream are held in memory, so that a short one can be sent again.
    /// - Throws: ``StorageError`` where it cannot be opened; what a stream throws.
    init(_ source: MediaSource, compressing: Bool, gatheringUpTo limit: Int64) async throws {
        if !compressing {
            switch source {
            case .bytes(let buffer):
                self.init(content: .bytes(buffer), isReplayable: true)
                return
            case .file(let path):
                let file = try await StorageError.translating { try RequestBody.file(path: path) }
                self.init(content: file, isReplayable: true)
                return
            case .stream: break
            }
        }
        let pieces = try await MediaPieces(source)
        let plain = MediaBody { try await pieces.next() }
        let body = compressing ? try plain.gzipped() : plain
        self = try await Self.gathering(body, length: Self.length(source, compressing), limit)
    }

    private init(content: RequestBody, isReplayable: Bool) {
        self.content = content
        self.isReplayable = isReplayable
    }

    private static func length(_ source: MediaSource, _ compressing: Bool) -> Int64? {
        if case .stream(let length, _) = source, !compressing { length } else { nil }
    }

    /// Takes a stream into memory if it is short.
    private static func gathering(
        _ body: MediaBody,
        length: Int64?,
        _ limit: Int64
    ) async throws -> UploadBody {
        var start = ByteBuffer()
        while Int64(start.readableBytes) < limit {
            guard var piece = try await body.makeAsyncIterator().next() else {
                return UploadBody(content: .bytes(start), isReplayable: true)
            }
            start.writeBuffer(&piece)
        }
        let beginning = MediaBody.whole(start)
        let whole = HTTPBody(length: length.flatMap { Int(exactly: $0) }) {
            if let start = try await beginning.makeAsyncIterator().next() { return start }
            return try await body.makeAsyncIterator().next()
        }
        return UploadBody(content: .stream(whole), isReplayable: false)
    }
}
