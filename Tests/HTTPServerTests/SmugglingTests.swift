import Foundation
import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// Byte sequences that two readers could understand differently: each gets a 4xx and the close, and
/// what follows is never taken for a request.
@Suite(.timeLimit(.minutes(5)))
struct SmugglingTests {
    private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"

    /// What stands after `POST / HTTP/1.1\r\nHost: h\r\n`.
    private static let bodies: [String] = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: -5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Content-Length: 5 5\r\n\r\nhello",
        "Content-Length: 99999999999999999999999\r\n\r\nhello",
        "Content-Length: 9223372036854775808\r\n\r\nhello",
        "Content-Length:\r\n\r\n",
        "Content-Length : 5\r\n\r\nhello",
        "Content-Length\t: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding:\r\n\r\n",
        "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\u{0}\r\n\r\n0\r\n\r\n",
        "X: a\r\n b\r\n\r\n",
        "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n",
        " X: a\r\n\r\n",
        "X: a\u{0}b\r\n\r\n",
        "X: a\rb\r\n\r\n",
        "X\u{0}: a\r\n\r\n",
        "X Y: a\r\n\r\n",
        "X\r\n\r\n",
        ": a\r\n\r\n",
        "Host: other\r\n\r\n",
    ]

    @Test(arguments: bodies)
    func `a request that can be read in two ways is refused`(_ rest: String) async throws {
        try await expectRefusal("POST / HTTP/1.1\r\nHost: h\r\n" + rest + Self.smuggled, [400])
    }

    private static let heads: [(String, [Int])] = [
        ("GET / HTTP/1.1\r\n\r\n", [400]),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", [400]),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", [400]),
        ("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET http://u@h/x HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET ftp://h/x HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET x HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET /a\u{0}b HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET /a\u{7F}b HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("GET /\r\n\r\n", [400, 505]),
        ("GET / HTTP/1.2\r\nHost: h\r\n\r\n", [400, 505]),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", [400, 505]),
        ("GET / HTTP/0.9\r\nHost: h\r\n\r\n", [400, 505]),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", [400]),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400, 505]),
        ("G@T / HTTP/1.1\r\nHost: h\r\n\r\n", [400]),
        ("\u{16}\u{3}\u{1}\u{2}", [400]),
    ]

    @Test(arguments: heads)
    func `what is not a request of this server is refused`(
        _ head: String,
        _ statuses: [Int]
    ) async throws {
        try await expectRefusal(head + Self.smuggled, statuses)
    }

    @Test(arguments: [(1, 32 * 1024), (90, 400), (201, 1)])
    func `a header block is bounded`(_ fields: Int, _ length: Int) async throws {
        let field = "X: \(String(repeating: "a", count: length))\r\n"
        let block = String(repeating: field, count: fields)
        try await expectRefusal("GET / HTTP/1.1\r\nHost: h\r\n\(block)\r\n", [431])
    }

    @Test func `a target is bounded`() async throws {
        let long = String(repeating: "a", count: 33 * 1024)
        try await expectRefusal("GET /\(long) HTTP/1.1\r\nHost: h\r\n\r\n", [431])
    }

    @Test func `a broken request after a good one does not spoil the good one`() async throws {
        try await withServer { _ in
            await Task.yield()
            return .text("good")
        } _: { server in
            let answer = try await server.exchange(
                "GET / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n\r\n" + Self.smuggled
            )
            let parts = answer.components(separatedBy: "HTTP/1.1 ")
            #expect(parts.count == 3)
            #expect(parts[1].hasPrefix("200 ") && parts[1].hasSuffix("good"))
            #expect(parts[2].hasPrefix("400 ") && parts[2].hasSuffix("badHost"))
        }
    }

    @Test func `too many requests sent ahead are refused after those that wait`() async throws {
        var limits = HTTPLimits()
        limits.waitingRequests = 3
        let latch = Latch()
        try await withServer(limits: limits) { request in
            if request.target == "/0" { await latch.wait() }
            return .text(request.target)
        } _: { server in
            let client = try await server.connect()
            let requests = (0..<9).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
            try await client.send(requests.joined())
            latch.open()
            for number in 0...3 { #expect(try await client.response().text == "/\(number)") }
            #expect(try await client.response().status == 503)
            #expect(try await client.rest().isEmpty)
        }
    }

    private func expectRefusal(_ request: String, _ statuses: [Int]) async throws {
        let served = Log<String>()
        try await withServer { request in
            served.append(request.target)
            return .text("served")
        } _: { server in
            let answer = try await server.exchange(request)
            #expect(statuses.contains { answer.hasPrefix("HTTP/1.1 \($0) ") }, "\(answer)")
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2, "\(answer)")
            #expect(served.elements.isEmpty)
        }
    }
}
