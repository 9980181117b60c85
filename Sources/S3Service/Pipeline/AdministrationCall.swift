public import HTTPMessage
public import NIOCore
public import NIOHTTP1

/// A request to one of Pail's own paths that this target knows nothing of, signed with the root key.
public struct AdministrationCall: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The path after `/_pail/`, decoded.
    public var path: String
    /// The query's parameters, decoded, in order; those of a signature are among them.
    public var query: [(name: String, value: String)]
    /// The body, which is what was signed.
    public var body: ByteBuffer
    /// The other end's IP address, or "" where there is none.
    public var peer: String

    /// Describes a request.
    public init(
        method: HTTPMethod,
        path: String,
        query: [(name: String, value: String)] = [],
        body: ByteBuffer = ByteBuffer(),
        peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.peer = peer
    }
}

/// Answers what the root key asks below `/_pail/`; `nil` for a path that it does not know.
public typealias AdministrationAnswer = @Sendable (AdministrationCall) async throws -> HTTPResponse?
