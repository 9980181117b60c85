import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// Responses that come before the request's body did.
@Suite(.timeLimit(.minutes(5)))
struct EarlyResponseTests {
    private static let refuse: HTTPServer.Responder = { request in
        request.target == "/next" ? .text("next") : .text("denied", status: 403)
    }

    @Test(arguments: Transport.allCases)
    func `a body within bounds is thrown away and the connection kept`(
        _ transport: Transport
    ) async throws {
        try await withServer(transport, responder: Self.refuse) { server in
            let client = try await server.connect()
            let head = "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n"
            try await client.send(head)
            let response = try await client.response()
            #expect(response.text == "denied" && response["Connection"] == nil)
            try await client.send(ByteBuffer(repeating: 1, count: 1_000_000))
            try await client.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.response().text == "next")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a client that sends too much still reads the response, never a reset`(
        _ transport: Transport
    ) async throws {
        try await withServer(transport, responder: Self.refuse) { server in
            let client = try await server.connect()
            let size = 24 * 1024 * 1024
            try await client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
            try await client.send(ByteBuffer(repeating: 1, count: size))
            let answer = try await client.rest()
            #expect(answer.hasPrefix("HTTP/1.1 403 ") && answer.hasSuffix("denied"))
            #expect(answer.contains("Connection: close"))
            #expect(!client.wasReset)
        }
    }

    @Test func `chunks without end are thrown away up to a bound`() async throws {
        var limits = HTTPLimits.patient
        limits.drainBytes = 100_000
        try await withServer(limits: limits, responder: Self.refuse) { server in
            let client = try await server.connect()
            try await client.send(
                "PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            #expect(try await client.response().text == "denied")
            for _ in 0..<3 {
                try await client.send("EA60\r\n")
                try await client.send(ByteBuffer(repeating: 1, count: 60_000))
                try await client.send("\r\n")
            }
            #expect(try await client.rest().isEmpty)
            #expect(!client.wasReset)
        }
    }

    @Test func `a body that does not come is waited for a bounded time`() async throws {
        var limits = HTTPLimits.patient
        limits.drainTime = .milliseconds(20)
        try await withServer(limits: limits, responder: Self.refuse) { server in
            let answer = try await server.exchange(
                "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123"
            )
            #expect(answer.hasSuffix("denied"))
        }
    }

    @Test func `a client that never closes is cut`() async throws {
        var limits = HTTPLimits.patient
        limits.lingerTime = .milliseconds(20)
        try await withServer(limits: limits, responder: Self.refuse) { server in
            let client = try await server.connect()
            try await client.send("GET /next HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.response().text == "next")
            // The client keeps its side open; only the server can have ended this.
            await server.server.gateIsEmpty()
        }
    }

    @Test func `the response may be written while the body is read`() async throws {
        try await withServer { request in
            HTTPResponse(
                body: .pieces(length: nil) { try await request.body.next().map { .bytes($0) } }
            )
        } _: { server in
            let client = try await server.connect()
            try await client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc")
            try await client.send("def")
            let response = try await client.response()
            #expect(response["Transfer-Encoding"] == "chunked" && response.text == "abcdef")
        }
    }
}
