import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

@testable import HTTPServer

/// How the bytes travel; what a server does must not depend on it.
enum Transport: String, CaseIterable, Sendable {
    case http
    case https
}

/// A server on a free port of the loopback, for the time of a test.
struct TestServer: Sendable {
    let server: HTTPServer
    let transport: Transport
    let host: String

    /// Connects a client.
    func connect() async throws -> RawClient {
        try await .connect(to: server.port, host: host, secure: transport == .https)
    }

    /// Sends `text` on a connection of its own and returns all that comes back before the close.
    func exchange(_ text: String) async throws -> String {
        let client = try await connect()
        try await client.send(text)
        return try await client.rest()
    }
}

/// Runs `test` against a server that answers with `responder`.
func withServer<Value: Sendable>(
    _ transport: Transport = .http,
    host: String = "127.0.0.1",
    limits: HTTPLimits = .patient,
    budget: BodyBudget = .process,
    responder: @escaping HTTPServer.Responder,
    _ test: @Sendable (TestServer) async throws -> Value
) async throws -> Value {
    let server = try await HTTPServer.start(
        HTTPServerConfiguration(
            host: host,
            tls: transport == .https ? TestCertificate.files : nil,
            limits: limits,
            bodyBudget: budget
        ),
        on: .singleton,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        refusal: { refusal in
            HTTPResponse(
                status: .init(statusCode: refusal.statusCode),
                body: .bytes(ByteBuffer(string: "\(refusal)"))
            )
        },
        responder: responder
    )
    do {
        let value = try await test(TestServer(server: server, transport: transport, host: host))
        await server.shutDown(within: .zero)
        return value
    } catch {
        await server.shutDown(within: .zero)
        throw error
    }
}

extension HTTPResponse {
    /// A response with a text.
    static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: .init(statusCode: status), body: .bytes(ByteBuffer(string: text)))
    }

    /// This response, telling `log` what became of it.
    func reporting(to log: Log<Sent>) -> HTTPResponse {
        var response = self
        response.onSent = { log.append($0) }
        return response
    }
}

extension HTTPBody {
    /// The whole body as text.
    func text() async throws -> String {
        var all = ByteBuffer()
        while let piece = try await next() { all.writeImmutableBuffer(piece) }
        return String(buffer: all)
    }
}

/// Things that happened, in order; somebody may wait for the next.
final class Log<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation
    private let all = Mutex<[Element]>([])

    init() { (stream, continuation) = AsyncStream.makeStream() }

    var elements: [Element] { all.withLock { $0 } }

    func append(_ element: Element) {
        all.withLock { $0.append(element) }
        continuation.yield(element)
    }

    /// The next element that nobody waited for yet.
    func next() async -> Element? {
        for await element in stream { return element }
        return nil
    }
}

/// A gate that tasks wait at until a test opens it.
final class Latch: Sendable {
    private let log = Log<Void>()

    func open() { log.append(()) }
    func wait() async { await log.next() }
}

extension HTTPLimits {
    /// Limits for a test that is not about time: a machine that is busy with other things breaks none.
    static var patient: HTTPLimits {
        var limits = HTTPLimits()
        limits.headerTime = .seconds(600)
        limits.bodyStallTime = .seconds(600)
        limits.writeStallTime = .seconds(600)
        limits.drainTime = .seconds(600)
        limits.lingerTime = .seconds(600)
        return limits
    }
}
