import HTTPMessage
import NIOCore

/// A body in parts, one after the other.
///
/// Bytes in memory and files are cut where they are; a stream is gathered, a part at a time.
struct PartSource {
    /// Bytes of a stream's part, which is held in memory: within what a buffer can have.
    static let streamPartBytes: Int64 = 1 << 30

    private let body: RequestBody
    private let partBytes: Int64
    private var position: Int64 = 0
    private var ahead = ByteBuffer()
    private var hasEnded = false

    /// - Parameters:
    ///   - body: The body.
    ///   - partBytes: Bytes of a part; the last may have fewer.
    ///   - threshold: Bytes up to which the first part is the whole.
    init(_ body: RequestBody, partBytes: Int64, threshold: Int64) {
        self.body = body
        // A body below the threshold is one part, whatever the parts of a longer one have.
        self.partBytes =
            if let length = body.length, length < threshold { max(length, 1) } else { partBytes }
    }

    /// Whether its parts are held in memory.
    var isStream: Bool { if case .stream = body.content { true } else { false } }

    /// Whether the last part was given.
    var isAtEnd: Bool {
        if case .stream = body.content { return hasEnded }
        return position >= body.length ?? 0
    }

    /// The next part, or `nil` at the end; the first is there also where it is empty.
    mutating func next() async throws -> RequestBody? {
        switch body.content {
        case .bytes(let buffer):
            guard let range = nextRange(of: Int64(buffer.readableBytes)) else { return nil }
            let start = buffer.readerIndex + Int(range.lowerBound)
            return buffer.getSlice(at: start, length: range.count).map { .bytes($0) }
        case .file(let file, let whole):
            guard let range = nextRange(of: Int64(whole.count)) else { return nil }
            let start = whole.lowerBound
            return RequestBody(
                content: .file(file, start + range.lowerBound..<start + range.upperBound)
            )
        case .stream(let stream):
            return try await gather(from: stream)
        }
    }

    private mutating func nextRange(of length: Int64) -> Range<Int64>? {
        guard position < length else { return nil }
        let range = position..<min(position + partBytes, length)
        position = range.upperBound
        return range
    }

    /// Gathers a part, and looks one piece ahead to know whether it is the last.
    private mutating func gather(from stream: HTTPBody) async throws -> RequestBody? {
        guard !hasEnded else { return nil }
        guard partBytes <= Self.streamPartBytes else {
            throw S3ClientError(
                .configuration,
                code: "EntityTooLarge",
                message: "A stream would need parts of \(partBytes) bytes in memory.",
                advice: "Upload a file, whose parts are read as they are sent."
            )
        }
        // All at once: a buffer that grows leaves holes behind it. What is not written is not used.
        var part = ByteBufferAllocator().buffer(capacity: Int(partBytes))
        while !hasEnded {
            let wanted = Int(partBytes) - part.readableBytes
            if var bytes = ahead.readSlice(length: min(wanted, ahead.readableBytes)) {
                part.writeBuffer(&bytes)
            }
            if ahead.readableBytes > 0 { break }
            if let piece = try await stream.next() {
                position += Int64(piece.readableBytes)
                ahead = piece
            } else {
                hasEnded = true
                try checkLength(of: stream)
            }
        }
        return .bytes(part)
    }
    private func checkLength(of stream: HTTPBody) throws(S3ClientError) {
        guard let length = stream.length, Int64(length) != position else { return }
        throw S3ClientError(
            .configuration,
            message: "The stream gave \(position) bytes and was to give \(length)."
        )
    }
}
