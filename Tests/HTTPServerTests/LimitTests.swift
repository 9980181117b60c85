import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// Clients that are slow, silent or too many.
@Suite(.timeLimit(.minutes(5)))
struct LimitTests {
    private static let hello: HTTPServer.Responder = { _ in .text("hello") }
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `an idle connection is closed without a word`() async throws {
        var limits = HTTPLimits()
        limits.idleTime = .milliseconds(20)
        try await withServer(limits: limits, responder: Self.hello) { server in
            let client = try await server.connect()
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test func `a head that takes too long is refused`() async throws {
        var limits = HTTPLimits()
        limits.headerTime = .milliseconds(20)
        try await withServer(limits: limits, responder: Self.hello) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            #expect(try await client.response().text == "hello")
            try await client.send("GET / HT")
            let answer = try await client.rest()
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.hasSuffix("headerTimeout"))
        }
    }

    @Test func `a TLS handshake that is not begun is closed`() async throws {
        var limits = HTTPLimits()
        limits.headerTime = .milliseconds(20)
        limits.idleTime = .milliseconds(20)
        try await withServer(.https, limits: limits, responder: Self.hello) { server in
            let client = try await RawClient.connect(to: server.server.port, secure: false)
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a body that stops coming has stalled`(_ transport: Transport) async throws {
        var limits = HTTPLimits()
        limits.bodyStallTime = .milliseconds(20)
        let errors = Log<HTTPBodyError?>()
        try await withServer(transport, limits: limits) { request in
            do { _ = try await request.body.text() } catch {
                errors.append(error as? HTTPBodyError)
            }
            return .text("too slow", status: 400)
        } _: { server in
            let answer = try await server.exchange(
                "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc"
            )
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.hasSuffix("too slow"))
            #expect(await errors.next() == .stalled)
        }
    }

    @Test func `connections beyond the limit wait until one closes`() async throws {
        var limits = HTTPLimits()
        limits.connections = 2
        try await withServer(limits: limits, responder: Self.hello) { server in
            let first = try await server.connect()
            let second = try await server.connect()
            for client in [first, second] {
                try await client.send(Self.get)
                #expect(try await client.response().text == "hello")
            }
            let third = try await server.connect()
            try await third.send(Self.get)
            try await first.send(Self.get)
            #expect(try await first.response().text == "hello")
            #expect(server.server.connectionCount == 2)
            #expect(third.unread == 0)
            try await second.close()
            #expect(try await third.response().text == "hello")
        }
    }

    @Test func `each connection holds little when the budget is taken`() async throws {
        let budget = BodyBudget(bytes: 1024)
        let latch = Latch()
        try await withServer(budget: budget) { request in
            await latch.wait()
            var most = 0
            var count = 0
            while let piece = try? await request.body.next() {
                most = max(most, budget.used)
                count += piece.readableBytes
            }
            return .text("\(count) \(most < 1_200_000)")
        } _: { server in
            let client = try await server.connect()
            let total = 8 * 1024 * 1024
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(total)\r\n\r\n")
            async let sent: Void = client.send(ByteBuffer(repeating: 65, count: total))
            latch.open()
            try await sent
            #expect(try await client.response().text == "\(total) true")
            #expect(budget.used == 0)
        }
    }
}
