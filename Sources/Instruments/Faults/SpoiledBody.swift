import HTTPMessage
import NIOCore

extension HTTPResponse.Body {
    /// How long it is, where that is known.
    private var length: Int64? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): Int64(bytes.readableBytes)
        case .pieces(let length, _): length.map { Int64($0) }
        }
    }

    /// Whether there is none, or it has no bytes.
    var isEmpty: Bool { length == 0 }

    /// The body in pieces; an empty one has none.
    private var source: PieceSource {
        switch self {
        case .empty: PieceSource { nil }
        case .bytes(let bytes):
            PieceSource(HTTPBody(bytes).piece)
        case .pieces(_, let next): PieceSource(next)
        }
    }

    /// The same length, of which no more than so many bytes come.
    func cut(after count: Int64) -> Self {
        if let length, length <= count { return self }
        let source = source
        return .pieces(length: length.map { Int($0) }) {
            let left = count - source.taken
            guard left > 0 else { throw BrokenOff() }
            return try await source.take(atMost: left)
        }
    }

    /// One bit of one byte is another.
    ///
    /// - Parameters:
    ///   - place: Which byte; `nil` for one that chance chooses.
    ///   - draw: What chance says.
    /// - Returns: The body, as long as before.
    func flipped(at place: Int64?, _ draw: UInt64) -> Self {
        guard !isEmpty else { return self }
        // Of a body whose length nobody knows, the first byte is the one that is sure to come.
        let chosen = Int64(truncatingIfNeeded: (draw >> 8) % UInt64(max(length ?? 1, 1)))
        let place = place ?? chosen
        let mask = UInt8(1) << UInt8(draw % 8)
        let source = source
        return .pieces(length: length.map { Int($0) }) {
            let before = place - source.taken
            guard before == 0 else {
                return try await source.take(atMost: before > 0 ? before : .max)
            }
            guard let piece = try await source.take(atMost: 1) else { return nil }
            return .bytes(ByteBuffer(bytes: [try piece.firstByte() ^ mask]))
        }
    }

    /// The same, no faster than a pace.
    func slowed(by pace: Pace) -> Self {
        guard !isEmpty else { return self }
        let source = source
        return .pieces(length: length.map { Int($0) }) {
            guard let piece = try await source.take(atMost: Int64(pace.step)) else { return nil }
            await pace.wait(for: piece.count)
            return piece
        }
    }
}

extension HTTPBody {
    @Sendable fileprivate func piece() async throws -> HTTPResponse.Piece? {
        try await next().map { .bytes($0) }
    }
}
