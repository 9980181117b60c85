import HTTPMessage
import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// What goes wrong on purpose, as a client sees it on the wire.
@Suite(.timeLimit(.minutes(5))) struct MishapTests {
    private struct Broken: Error {}

    private static let get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n"

    private static func responder(_ mishap: Mishap?, cut: Int? = nil) -> HTTPServer.Responder {
        { request in
            while (try? await request.body.next()) != nil {}
            var response = HTTPResponse.text("0123456789")
            response.mishap = mishap
            if let cut {
                let rest = HTTPBody(ByteBuffer(string: String("0123456789".prefix(cut))))
                response.body = .pieces(length: 10) {
                    guard let bytes = try await rest.next() else { throw Broken() }
                    return .bytes(bytes)
                }
            }
            return response
        }
    }

    @Test(arguments: Transport.allCases)
    func `a reset before the head is a reset`(_ transport: Transport) async throws {
        let responder = Self.responder(Mishap(reply: .reset))
        try await withServer(transport, responder: responder) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            #expect(try await client.rest().isEmpty)
            #expect(client.wasReset)
        }
    }

    @Test(arguments: Transport.allCases, [0, 4])
    func `a body that breaks off by a reset arrives up to there`(
        _ transport: Transport,
        _ cut: Int
    ) async throws {
        let responder = Self.responder(Mishap(breaksByReset: true), cut: cut)
        try await withServer(transport, responder: responder) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            let answer = try await client.rest()
            #expect(answer.contains("Content-Length: 10\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n" + "0123456789".prefix(cut)))
            #expect(client.wasReset)
        }
    }

    @Test(arguments: [0, 4])
    func `a body that breaks off otherwise ends with an orderly close`(_ cut: Int) async throws {
        try await withServer(responder: Self.responder(Mishap(), cut: cut)) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            let answer = try await client.rest()
            #expect(answer.hasSuffix("\r\n\r\n" + "0123456789".prefix(cut)) && !client.wasReset)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a silence ends by itself, and without a word`(_ transport: Transport) async throws {
        let responder = Self.responder(Mishap(reply: .silence(.milliseconds(20))))
        try await withServer(transport, responder: responder) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            #expect(try await client.rest().isEmpty)
            #expect(!client.wasReset)
        }
    }

    @Test func `a silence ends when the client gives up`() async throws {
        let responder = Self.responder(Mishap(reply: .silence(.seconds(3600))))
        try await withServer(responder: responder) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            try await client.closeOutput()
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test func `a silence does not keep the server from stopping`() async throws {
        let asked = Latch()
        let responder: HTTPServer.Responder = { _ in
            var response = HTTPResponse.text("never")
            response.mishap = Mishap(reply: .silence(.seconds(3600)))
            asked.open()
            return response
        }
        try await withServer(responder: responder) { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            await asked.wait()
            await server.server.shutDown(within: .seconds(3600))
            #expect(try await client.rest().isEmpty)
        }
    }

    @Test(arguments: Transport.allCases)
    func `a stale invitation comes right before the response`(_ transport: Transport) async throws {
        let responder = Self.responder(Mishap(hasStaleContinue: true))
        try await withServer(transport, responder: responder) { server in
            let client = try await server.connect()
            for _ in 1...2 {
                try await client.send("PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n1")
                #expect(try await client.response().status == 100)
                #expect(try await client.response().text == "0123456789")
            }
        }
    }
}
