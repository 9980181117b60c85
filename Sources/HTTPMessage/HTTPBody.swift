public import NIOCore
import Synchronization

/// A body that is read by one reader, piece by piece, once.
///
/// The first ``next()`` is what tells a server to answer `Expect: 100-continue`: a body that is
/// never asked for is never invited.
public struct HTTPBody: Sendable {
    /// The length in bytes that the sender announced, or `nil` where it announced none (chunked).
    public let length: Int?
    private let read: @Sendable () async throws -> ByteBuffer?

    /// A body whose pieces come from `read`; `nil` is its end.
    public init(length: Int?, read: @escaping @Sendable () async throws -> ByteBuffer?) {
        self.length = length
        self.read = read
    }

    /// A body that is all there.
    public init(_ buffer: ByteBuffer) {
        let rest = Mutex<ByteBuffer?>(buffer.readableBytes == 0 ? nil : buffer)
        self.init(length: buffer.readableBytes) { rest.withLock { $0.take() } }
    }

    /// No body.
    public static let empty = HTTPBody(length: 0) { nil }

    /// The next piece, never empty, or `nil` at the end.
    ///
    /// - Throws: ``HTTPBodyError`` where the connection fails the body.
    public func next() async throws -> ByteBuffer? { try await read() }
}

/// Why a body ended before its end.
public enum HTTPBodyError: Error, Hashable, Sendable {
    /// The other end went away.
    case connectionClosed
    /// Nothing arrived for longer than the server waits.
    case stalled
    /// The framing (chunk sizes, lengths) was broken.
    case malformed
}
