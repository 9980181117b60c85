import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// Requests and responses over real sockets, in clear text and through TLS.
@Suite(.timeLimit(.minutes(5)))
struct ServingTests {
    private static let echo: HTTPServer.Responder = { request in
        let body = (try? await request.body.text()) ?? "?"
        return .text("\(request.method) \(request.target) \(body)")
    }

    @Test(arguments: Transport.allCases)
    func `a connection is kept for the next request`(_ transport: Transport) async throws {
        try await withServer(transport, responder: Self.echo) { server in
            let client = try await server.connect()
            for round in 1...3 {
                try await client.send("GET /\(round) HTTP/1.1\r\nHost: h\r\n\r\n")
                let response = try await client.response()
                #expect(response.text == "GET /\(round) ")
                #expect(response["Connection"] == nil)
                #expect(response["Content-Length"] == "\(response.text.utf8.count)")
                #expect(response["Date"]?.hasSuffix(" GMT") == true)
            }
        }
    }

    @Test(arguments: Transport.allCases)
    func `requests sent ahead are answered in order`(_ transport: Transport) async throws {
        try await withServer(transport) { request in
            // The earlier the request, the longer it takes.
            for _ in 0..<(10 - request.target.utf8.count) { await Task.yield() }
            return .text(request.target + ((try? await request.body.text()) ?? "?"))
        } _: { server in
            let client = try await server.connect()
            try await client.send(
                """
                GET /a HTTP/1.1\r\nHost: h\r\n\r\n\
                PUT /bb HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n123\
                PUT /ccc HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n45\r\n0\r\n\r\n\
                GET /dddd HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n
                """
            )
            for expected in ["/a", "/bb123", "/ccc45", "/dddd"] {
                #expect(try await client.response().text == expected)
            }
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test func `the next request begins when the response before it is finished`() async throws {
        let begun = Log<String>()
        let latch = Latch()
        try await withServer { request in
            begun.append(request.target)
            if request.target == "/1" { await latch.wait() }
            return .text(request.target)
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
            try await client.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(await begun.next() == "/1")
            let other = try await server.connect()
            try await other.send("GET /other HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await other.response().text == "/other")
            #expect(begun.elements == ["/1", "/other"])
            latch.open()
            #expect(try await client.response().text == "/1")
            #expect(try await client.response().text == "/2")
        }
    }

    @Test(arguments: Transport.allCases)
    func `HEAD has the headers and no body`(_ transport: Transport) async throws {
        try await withServer(transport) { request in
            var response = HTTPResponse()
            response.headers.add(name: "Content-Length", value: "12345")
            if request.method != .HEAD { response.body = .bytes(ByteBuffer(string: "short")) }
            return response
        } _: { server in
            let client = try await server.connect()
            try await client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.response(toHead: true)["Content-Length"] == "12345")
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.response().text == "short")
        }
    }

    @Test func `the target comes byte for byte`() async throws {
        try await withServer(responder: Self.echo) { server in
            let client = try await server.connect()
            for target in ["/a//b/../c/.", "/%2F%zz+~?a=b&&c?=/", "//x", "/a;b=c@d:e"] {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.response().text == "GET \(target) ")
            }
        }
    }

    @Test func `an absolute target is read as its path, and its host counts`() async throws {
        try await withServer { request in
            .text("\(request.headers["Host"]) \(request.target)")
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET http://a.b:80/c?d HTTP/1.1\r\nHost: other\r\n\r\n")
            #expect(try await client.response().text == #"["a.b:80"] /c?d"#)
            try await client.send("GET HTTP://a HTTP/1.1\r\nHost: other\r\n\r\n")
            #expect(try await client.response().text == #"["a"] /"#)
        }
    }

    @Test func `HTTP 1.0 closes, unless it asks to be kept`() async throws {
        try await withServer(responder: Self.echo) { server in
            let closed = try await server.exchange("GET /x HTTP/1.0\r\n\r\n")
            #expect(closed.hasPrefix("HTTP/1.0 200 OK\r\n") && closed.hasSuffix("GET /x "))
            #expect(closed.contains("Connection: close\r\n"))
            let client = try await server.connect()
            for _ in 0..<2 {
                try await client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try await client.response()["Connection"] == "keep-alive")
            }
        }
    }

    @Test func `a request to upgrade is answered, and the connection closed`() async throws {
        try await withServer(responder: Self.echo) { server in
            let answer = try await server.exchange(
                """
                GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n\
                Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n
                """
            )
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("GET /x "))
        }
    }

    @Test(arguments: Transport.allCases)
    func `a client that closes its side still gets the response`(
        _ transport: Transport
    ) async throws {
        let latch = Latch()
        try await withServer(transport) { request in
            if request.target == "/slow" { await latch.wait() }
            return .text("done")
        } _: { server in
            for target in ["/fast", "/slow"] {
                let client = try await server.connect()
                try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                try await client.closeOutput()
                if target == "/slow" { latch.open() }
                #expect(try await client.rest().hasSuffix("\r\n\r\ndone"))
            }
        }
    }

    @Test(arguments: ["::1", "localhost"])
    func `it listens on names and on IPv6`(_ host: String) async throws {
        try await withServer(host: host) {
            .text($0.peer)
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let peer = try await client.response().text
            #expect(peer == "::1" || peer == "127.0.0.1")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a request knows its peer and whether it is secure`(_ transport: Transport) async throws {
        try await withServer(transport) {
            .text("\($0.peer) \($0.isSecure)")
        } _: { server in
            let client = try await server.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await client.response().text == "127.0.0.1 \(transport == .https)")
        }
    }

    @Test func `a response that would break out of its header is a 500 instead`() async throws {
        let sent = Log<HTTPResponse.Sent>()
        try await withServer { request in
            var response = HTTPResponse.text("secret").reporting(to: sent)
            response.headers.add(name: "X", value: "a\r\nSet-Cookie: b")
            return response
        } _: { server in
            let answer = try await server.exchange("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.hasSuffix("unusableResponse"))
            #expect(!answer.contains("Set-Cookie") && !answer.contains("secret"))
            #expect(sent.elements == [.init(bodyBytes: 0, isComplete: false)])
        }
    }
}
