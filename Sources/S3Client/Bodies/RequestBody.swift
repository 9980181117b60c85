public import HTTPMessage
public import NIOCore

/// What a request carries.
public struct RequestBody: Sendable {
    enum Content: Sendable {
        case bytes(ByteBuffer)
        case file(LocalFile, Range<Int64>)
        case stream(HTTPBody)
    }

    let content: Content

    /// No bytes.
    public static let empty = bytes(ByteBuffer())

    /// Bytes in memory.
    public static func bytes(_ buffer: ByteBuffer) -> RequestBody {
        RequestBody(content: .bytes(buffer))
    }

    /// A file, or a run of its bytes, read in pieces, again where the request is tried again.
    ///
    /// - Parameters:
    ///   - path: The file, opened now.
    ///   - range: Which bytes; `nil` for all that it has now.
    /// - Returns: The body.
    /// - Throws: ``S3ClientError`` of the kind ``S3ClientError/Kind/file`` where it cannot be opened, is no regular file,
    ///   or is shorter than the range.
    public static func file(
        path: String,
        range: Range<Int64>? = nil
    ) throws(S3ClientError) -> RequestBody {
        let file = try LocalFile(path)
        let range = range ?? 0..<file.size
        guard range.lowerBound >= 0, range.upperBound <= file.size else {
            throw S3ClientError(.file, message: "\(path) has \(file.size) bytes, not \(range).")
        }
        return RequestBody(content: .file(file, range))
    }

    /// Pieces that come once: a request with them is not tried again once they were begun.
    public static func stream(_ body: HTTPBody) -> RequestBody {
        RequestBody(content: .stream(body))
    }

    /// How many bytes it has, where that is known.
    public var length: Int64? {
        switch content {
        case .bytes(let buffer): Int64(buffer.readableBytes)
        case .file(_, let range): Int64(range.count)
        case .stream(let body): body.length.map(Int64.init)
        }
    }

    /// Whether it can be sent again.
    var isReplayable: Bool {
        if case .stream = content { false } else { true }
    }

    /// The bytes from the start; a stream gives them once.
    func open() -> HTTPBody {
        switch content {
        case .bytes(let buffer): HTTPBody(buffer)
        case .file(let file, let range): file.body(range)
        case .stream(let body): body
        }
    }
}
