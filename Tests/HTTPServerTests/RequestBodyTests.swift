import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// Request bodies: invited, framed, bounded, refused.
@Suite(.timeLimit(.minutes(5)))
struct RequestBodyTests {
    private static let invited = "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"

    @Test(arguments: Transport.allCases)
    func `a client is invited to send its body when the body is asked for`(
        _ transport: Transport
    ) async throws {
        let latch = Latch()
        try await withServer(transport) { request in
            await latch.wait()
            return .text((try? await request.body.text()) ?? "?")
        } _: { server in
            let client = try await server.connect()
            try await client.send(Self.invited + "Content-Length: 5\r\n\r\n")
            let other = try await server.connect()
            try await other.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(client.unread == 0)
            latch.open()
            latch.open()
            #expect(try await client.response().status == 100)
            try await client.send("hello")
            #expect(try await client.response().text == "hello")
            #expect(try await other.response().status == 200)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a refused client is not invited, and its connection is closed`(
        _ transport: Transport
    ) async throws {
        try await withServer(transport) { _ in
            .text("no", status: 403)
        } _: { server in
            let answer = try await server.exchange(Self.invited + "Content-Length: 5\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(!answer.contains("100"))
        }
    }

    @Test func `a body asked for after the response began brings no invitation`() async throws {
        try await withServer { request in
            HTTPResponse(
                body: .pieces(length: 2) {
                    _ = Task { try await request.body.next() }
                    return .bytes(ByteBuffer(string: "ok"))
                }
            )
        } _: { server in
            let answer = try await server.exchange(Self.invited + "Content-Length: 5\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nok"))
        }
    }

    @Test(arguments: ["200", "100-continue, x", ""])
    func `other expectations are ignored`(_ expectation: String) async throws {
        try await withServer {
            .text((try? await $0.body.text()) ?? "?")
        } _: { server in
            let client = try await server.connect()
            try await client.send(
                "PUT / HTTP/1.1\r\nHost: h\r\nExpect: \(expectation)\r\nContent-Length: 2\r\n\r\nab"
            )
            #expect(try await client.response().text == "ab")
        }
    }

    @Test func `no invitation is sent to HTTP 1.0 or for an empty body`() async throws {
        try await withServer {
            .text((try? await $0.body.text()) ?? "?")
        } _: { server in
            let client = try await server.connect()
            try await client.send(Self.invited + "Content-Length: 0\r\n\r\n")
            #expect(try await client.response().status == 200)
            let old = try await server.exchange(
                "PUT /x HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"
            )
            #expect(old.hasPrefix("HTTP/1.0 200") && old.hasSuffix("ab"))
        }
    }

    @Test(arguments: Transport.allCases)
    func `chunks come as one stream of bytes, extensions and trailers dropped`(
        _ transport: Transport
    ) async throws {
        try await withServer(transport) { request in
            .text("\(request.body.length as Any) \((try? await request.body.text()) ?? "?")")
        } _: { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n")
            for part in ["3;a=b\r\nabc\r\n", "0A\r\n01234", "56789\r\n", "0\r\nX: y\r\n\r\n"] {
                try await client.send(part)
            }
            #expect(try await client.response().text == "nil abc0123456789")
        }
    }

    @Test func `a broken chunk is malformed, and the connection is closed after`() async throws {
        let errors = Log<HTTPBodyError?>()
        try await withServer { request in
            do {
                return .text(try await request.body.text())
            } catch {
                errors.append(error as? HTTPBodyError)
                return .text("bad", status: 400)
            }
        } _: { server in
            for broken in [
                "zz\r\n", "-1\r\n", "1\r\nab\r\n", "FFFFFFFFFFFFFFFFFF\r\n", "1 \r\na\r\n",
            ] {
                let answer = try await server.exchange(
                    "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + broken
                )
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(broken)")
                #expect(answer.contains("Connection: close"), "\(broken)")
                #expect(await errors.next() == .malformed)
            }
        }
    }

    @Test(arguments: Transport.allCases, [false, true])
    func `a body whose client goes away is closed`(
        _ transport: Transport,
        _ half: Bool
    ) async throws {
        let errors = Log<HTTPBodyError?>()
        try await withServer(transport) { request in
            do { _ = try await request.body.text() } catch {
                errors.append(error as? HTTPBodyError)
            }
            return .text("late")
        } _: { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
            if half { try await client.closeOutput() } else { try await client.close() }
            #expect(await errors.next() == .connectionClosed)
            if half { #expect(try await client.rest().hasSuffix("late")) }
        }
    }

    @Test(arguments: Transport.allCases)
    func `a slow reader makes the sender wait, and little is held for it`(
        _ transport: Transport
    ) async throws {
        let budget = BodyBudget(bytes: 32 * 1024 * 1024)
        var limits = HTTPLimits()
        limits.bodyHighWatermark = 256 * 1024
        limits.bodyLowWatermark = 64 * 1024
        limits.receiveBytes = 64 * 1024
        let total = 16 * 1024 * 1024
        try await withServer(transport, limits: limits, budget: budget) { request in
            var most = 0
            var count = 0
            while let piece = try? await request.body.next() {
                most = max(most, budget.used)
                count += piece.readableBytes
                for _ in 0..<20 { await Task.yield() }
            }
            return .text("\(count) \(most <= 512 * 1024)")
        } _: { server in
            let client = try await server.connect()
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(total)\r\n\r\n")
            try await client.send(ByteBuffer(repeating: 7, count: total))
            #expect(try await client.response().text == "\(total) true")
            #expect(budget.used == 0)
        }
    }

    @Test func `nothing more is read for a reader that does not read`() async throws {
        let budget = BodyBudget(bytes: 32 * 1024 * 1024)
        let latch = Latch()
        try await withServer(budget: budget) { request in
            _ = try? await request.body.next()
            await latch.wait()
            let held = budget.used
            var rest = 0
            while let piece = try? await request.body.next() { rest += piece.readableBytes }
            return .text("\(held < 6 * 1024 * 1024) \(rest > held)")
        } _: { server in
            let client = try await server.connect()
            let total = 32 * 1024 * 1024
            try await client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(total)\r\n\r\n")
            async let sent: Void = client.send(ByteBuffer(repeating: 65, count: total))
            // Other work on the same machine goes on meanwhile.
            for _ in 0..<5 {
                let other = try await server.connect()
                try await other.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n")
                try await other.close()
            }
            for _ in 0...5 { latch.open() }
            try await sent
            #expect(try await client.response().text == "true true")
        }
    }
}
