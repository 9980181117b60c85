public import NIOHTTP1

/// One HTTP request: a head that has arrived and a body that may still be arriving.
///
/// The server makes them from sockets, tests make them by hand, and a client sends them.
public struct HTTPRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The request target, byte for byte as it came: never decoded, never normalised.
    public var target: String
    /// The header fields, in the order they came.
    public var headers: HTTPHeaders
    /// The body; nothing of it is read before it is asked for.
    public var body: HTTPBody
    /// The other end's IP address as a literal; the socket's own word, never a header's.
    public var peer: String
    /// Whether the request came through TLS.
    public var isSecure: Bool

    /// Makes a request.
    public init(
        method: HTTPMethod,
        target: String,
        headers: HTTPHeaders = [:],
        body: HTTPBody = .empty,
        peer: String = "127.0.0.1",
        isSecure: Bool = false
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.peer = peer
        self.isSecure = isSecure
    }
}
