import Foundation
import HTTPMessage
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import HTTPServer

/// Response bodies: pieces, files, what becomes of them.
@Suite(.timeLimit(.minutes(5)))
struct ResponseBodyTests {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Makes the pieces one by one, then the end.
    private static func pieces(
        _ pieces: [HTTPResponse.Piece],
        length: Int?
    ) -> HTTPResponse {
        let rest = Log<HTTPResponse.Piece?>()
        for piece in pieces { rest.append(piece) }
        rest.append(nil)
        return HTTPResponse(body: .pieces(length: length) { await rest.next() ?? nil })
    }

    @Test(arguments: Transport.allCases, [1, 65_536, 65_537, 8 * 1024 * 1024])
    func `a file arrives as it is`(_ transport: Transport, _ size: Int) async throws {
        let file = try TestFile(size: size)
        let sent = Log<HTTPResponse.Sent>()
        try await withServer(transport) { _ in
            guard let slice = try? file.slice() else { return .text("cannot open", status: 500) }
            return Self.pieces([.file(slice)], length: size).reporting(to: sent)
        } _: { server in
            let client = try await server.connect()
            for _ in 0..<2 {
                try await client.send(Self.get)
                let response = try await client.response()
                #expect(response["Content-Length"] == "\(size)")
                #expect(response.body == file.bytes)
                #expect(await sent.next() == .init(bodyBytes: size, isComplete: true))
            }
        }
        try await everyLoopTurned()
        #expect(file.openDescriptors == 0)
    }

    @Test(arguments: Transport.allCases)
    func `runs of a file and bytes may be mixed`(_ transport: Transport) async throws {
        let file = try TestFile(size: 300_000)
        let slice = try file.slice()
        let pieces: [HTTPResponse.Piece] = [
            .bytes(ByteBuffer(string: "<")),
            .file(FileSlice(file: slice.file, offset: 100, count: 200_000)),
            .bytes(ByteBuffer()),
            .file(FileSlice(file: slice.file, offset: 299_999, count: 1)),
            .bytes(ByteBuffer(string: ">")),
        ]
        var expected = ByteBuffer(string: "<")
        expected.writeBytes(file.bytes.readableBytesView[100..<200_100])
        expected.writeBytes(file.bytes.readableBytesView[299_999...])
        expected.writeString(">")
        let count = expected.readableBytes
        let whole = expected
        try await withServer(transport) { request in
            Self.pieces(pieces, length: request.target == "/known" ? count : nil)
        } _: { server in
            let client = try await server.connect()
            for target in ["/known", "/unknown"] {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                let response = try await client.response()
                #expect((response["Content-Length"] == nil) == (target == "/unknown"))
                #expect(response.body == whole)
            }
            try await client.send("GET /unknown HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let old = try await client.response()
            #expect(old["Connection"] == "close" && old.body == whole)
        }
    }

    @Test(arguments: Transport.allCases, ["throws", "short", "long", "truncated", "truncated big"])
    func `a body that cannot be finished cuts the connection`(
        _ transport: Transport,
        _ fault: String
    ) async throws {
        struct Fault: Error {}
        let sent = Log<HTTPResponse.Sent>()
        let file = try TestFile(size: 10)
        let hello = HTTPResponse.Piece.bytes(ByteBuffer(string: "hello"))
        let tooMuch = try file.slice(count: fault.utf8.count * 10_000)
        try await withServer(transport) { _ in
            let response =
                switch fault {
                case "throws":
                    HTTPResponse(body: .pieces(length: nil) { throw Fault() })
                case "short": Self.pieces([hello], length: 10)
                case "long": Self.pieces([hello, hello], length: 9)
                default:
                    Self.pieces([hello, .file(tooMuch)], length: nil)
                }
            return response.reporting(to: sent)
        } _: { server in
            let answer = try? await server.exchange(Self.get)
            #expect(answer?.hasSuffix("0\r\n\r\n") != true)
            let outcome = try #require(await sent.next())
            #expect(!outcome.isComplete && outcome.bodyBytes <= 15)
            #expect(sent.elements.count == 1)
        }
    }

    @Test(arguments: ["/bytes", "/pieces", "/late"])
    func `a client that goes away is reported once`(_ target: String) async throws {
        let sent = Log<HTTPResponse.Sent>()
        let begun = Latch()
        let latch = Latch()
        let large = ByteBuffer(repeating: 0, count: 32 * 1024 * 1024)
        try await withServer { request in
            begun.open()
            if request.target == "/late" { await latch.wait() }
            let response =
                request.target == "/pieces"
                ? Self.pieces([.bytes(large), .bytes(large)], length: nil)
                : HTTPResponse(body: .bytes(large))
            return response.reporting(to: sent)
        } _: { server in
            let client = try await server.connect()
            try await client.channel.setOption(.autoRead, value: false).get()
            try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            await begun.wait()
            try await client.close()
            latch.open()
            #expect(await sent.next()?.isComplete == false)
            #expect(sent.elements.count == 1)
        }
    }

    @Test func `a client that takes nothing is cut`() async throws {
        var limits = HTTPLimits()
        limits.writeStallTime = .milliseconds(30)
        let sent = Log<HTTPResponse.Sent>()
        try await withServer(limits: limits) { _ in
            HTTPResponse(body: .bytes(ByteBuffer(repeating: 0, count: 32 * 1024 * 1024)))
                .reporting(to: sent)
        } _: { server in
            let client = try await server.connect()
            try await client.channel.setOption(.autoRead, value: false).get()
            try await client.send(Self.get)
            #expect(await sent.next()?.isComplete == false)
        }
    }

    @Test func `a piece that takes long to make is no fault of the client's`() async throws {
        var limits = HTTPLimits()
        limits.writeStallTime = .milliseconds(20)
        let latch = Latch()
        let cut = Log<HTTPResponse.Sent>()
        let large = HTTPResponse(body: .bytes(ByteBuffer(repeating: 0, count: 32 * 1024 * 1024)))
        try await withServer(limits: limits) { request in
            guard request.target == "/slow" else { return large.reporting(to: cut) }
            return HTTPResponse(
                body: .pieces(length: 4) {
                    await latch.wait()
                    return .bytes(ByteBuffer(string: "done"))
                }
            )
        } _: { server in
            let patient = try await server.connect()
            try await patient.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            let deaf = try await server.connect()
            try await deaf.channel.setOption(.autoRead, value: false).get()
            try await deaf.send(Self.get)
            // By the time that one is cut, the limit is over for the other too.
            #expect(await cut.next()?.isComplete == false)
            latch.open()
            #expect(try await patient.response().text == "done")
        }
    }

    @Test func `the next piece is asked for when the one before is written`() async throws {
        let asked = Log<Int>()
        let latch = Latch()
        try await withServer { _ in
            HTTPResponse(
                body: .pieces(length: nil) {
                    asked.append(asked.elements.count)
                    guard asked.elements.count > 1 else {
                        return .bytes(ByteBuffer(string: "head"))
                    }
                    await latch.wait()
                    return nil
                }
            )
        } _: { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            #expect(await asked.next() == 0)
            #expect(await asked.next() == 1)
            latch.open()
            #expect(try await client.response().text == "head")
        }
    }

    @Test(arguments: [204, 304])
    func `a status without a body has none`(_ status: Int) async throws {
        try await withServer { _ in
            .text("never", status: status)
        } _: { server in
            let client = try await server.connect()
            for _ in 0..<2 {
                try await client.send(Self.get)
                let response = try await client.response()
                #expect(response.status == status && response["Content-Length"] == nil)
            }
        }
    }
}
