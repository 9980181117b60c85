import AsyncHTTPClient
public import HTTPMessage
import NIOCore
import NIOHTTP1
import NIOSSL
public import S3Client

/// Carries a client's requests over sockets, by AsyncHTTPClient.
///
/// It speaks HTTP/1.1, keeps connections for later requests, follows no redirect and uses no proxy. Bodies stream
/// both ways: a piece is asked for when the one before it has left, or has been read. `Expect: 100-continue` is not
/// offered, since AsyncHTTPClient does not wait for the answer.
///
/// [AsyncHTTPClient](https://github.com/swift-server/async-http-client)
public final class AHCTransport: HTTPTransport {
    private let client: HTTPClient

    /// Opens no connection yet.
    ///
    /// - Throws: ``S3ClientError`` of the kind `configuration` where a certificate cannot be read.
    public init(_ configuration: AHCConfiguration = AHCConfiguration()) throws(S3ClientError) {
        client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: try configuration.resolved()
        )
    }

    // AsyncHTTPClient ends the process where nobody has closed it, and few owners of a transport know when to.
    deinit {
        Task.detached { [client] in try? await client.shutdown() }
    }

    /// Closes all connections; the transport cannot be used again.
    ///
    /// - Throws: What closing them throws, such as that it was done before.
    public func shutDown() async throws { try await client.shutdown() }

    /// Sends a request and returns when the response's head is there.
    public func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin
    ) async throws -> TransportResponse {
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        let scheme = origin.isSecure ? "https" : "http"
        var sent = HTTPClientRequest(url: "\(scheme)://\(host):\(origin.port)\(request.target)")
        sent.method = request.method
        sent.headers = request.headers
        // The body says both by itself.
        sent.headers.remove(name: "Transfer-Encoding")
        sent.headers.remove(name: "Content-Length")
        sent.body = Self.body(request)
        // How long a reply may take is a matter of its pauses, not of its length.
        let response = try await client.execute(sent, deadline: .distantFuture)
        return TransportResponse(
            status: response.status,
            headers: response.headers,
            body: Self.body(response)
        )
    }

    private static func body(_ request: HTTPRequest) -> HTTPClientRequest.Body? {
        let length = request.headers.first(name: "Content-Length").flatMap { Int64($0) }
        if length == 0 { return .bytes(ByteBuffer()) }
        if length == nil, !request.headers.contains(name: "Transfer-Encoding") { return nil }
        return .stream(
            Pieces(body: request.body),
            length: length.map { .known($0) } ?? .unknown
        )
    }

    private static func body(_ response: HTTPClientResponse) -> HTTPBody {
        let length = response.headers.first(name: "Content-Length").flatMap { Int($0) }
        let pieces = ResponsePieces(response.body)
        return HTTPBody(length: length) { try await pieces.next() }
    }
}

/// A request's body as AsyncHTTPClient reads it.
private struct Pieces: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        let body: HTTPBody

        func next() async throws -> ByteBuffer? { try await body.next() }
    }

    let body: HTTPBody

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: body) }
}

/// A response's body as ``HTTPBody`` reads it.
private final class ResponsePieces: Sendable {
    // Safe although it changes: a body has one reader, which asks for a piece when it has the one before.
    nonisolated(unsafe) private var iterator: HTTPClientResponse.Body.AsyncIterator

    init(_ body: HTTPClientResponse.Body) { unsafe iterator = body.makeAsyncIterator() }

    @concurrent func next() async throws -> ByteBuffer? { try await unsafe iterator.next() }
}
