public import NIOCore
public import NIOHTTP1

/// One HTTP response.
public struct HTTPResponse: Sendable {
    /// The status.
    public var status: HTTPResponseStatus
    /// The header fields.
    ///
    /// A `Content-Length` given here is sent as it is (a HEAD has one and no body).
    public var headers: HTTPHeaders
    /// The body.
    public var body: Body
    /// Called once when the last byte was handed to the socket, or when that became impossible.
    public var onSent: (@Sendable (Sent) -> Void)?
    /// What goes wrong on its way, where a test wants something to; `nil` is a response as it should be.
    public var mishap: Mishap?

    /// What became of a response.
    public struct Sent: Sendable, Hashable {
        /// How many bytes of the body were written.
        public var bodyBytes: Int
        /// Whether all of it was.
        public var isComplete: Bool

        /// Makes an account of a sent response.
        public init(bodyBytes: Int, isComplete: Bool) {
            self.bodyBytes = bodyBytes
            self.isComplete = isComplete
        }
    }

    /// A response's body.
    public enum Body: Sendable {
        /// No body.
        case empty
        /// Bytes in memory.
        case bytes(ByteBuffer)
        /// Pieces made one after the other, each asked for when the one before it is written.
        ///
        /// `length` is the sum in bytes, or `nil` for a chunked response. `nil` from `next` is the
        /// end; an error cuts the connection, so that the other end sees an unfinished body.
        case pieces(length: Int?, next: @Sendable () async throws -> Piece?)
    }

    /// A part of a body.
    public enum Piece: Sendable {
        /// Bytes in memory.
        case bytes(ByteBuffer)
        /// Bytes of an open file, which a server may hand to the kernel without reading them.
        case file(FileSlice)
    }

    /// Makes a response.
    public init(
        status: HTTPResponseStatus = .ok,
        headers: HTTPHeaders = [:],
        body: Body = .empty
    ) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
