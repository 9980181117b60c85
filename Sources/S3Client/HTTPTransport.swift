public import HTTPMessage
public import NIOHTTP1

/// What carries a request to a server and brings its response back: a client over sockets, or, in
/// tests, a server in the same process.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns when the response's head is there; its body is read afterwards.
    ///
    /// - Parameters:
    ///   - request: The request; its `Host` header is the sender's business.
    ///   - origin: Where to.
    /// - Returns: The response, its body still to be read.
    /// - Throws: What the transport throws where no response came.
    func send(_ request: HTTPRequest, to origin: HTTPOrigin) async throws -> TransportResponse
}

/// Where a server is.
public struct HTTPOrigin: Sendable, Hashable {
    /// Whether TLS is spoken.
    public var isSecure: Bool
    /// A name or an address; an IPv6 address without brackets.
    public var host: String
    /// The port; 80 or 443 where none was named.
    public var port: Int

    /// Names a server.
    public init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }
}

/// A response whose body is still to be read.
public struct TransportResponse: Sendable {
    /// The status.
    public var status: HTTPResponseStatus
    /// The header fields.
    public var headers: HTTPHeaders
    /// The body.
    public var body: HTTPBody

    /// Puts a response together.
    public init(status: HTTPResponseStatus, headers: HTTPHeaders, body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
