import Foundation
import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import Testing

@testable import HTTPServer

/// Starting, stopping, and where the responder runs.
@Suite(.timeLimit(.minutes(5)))
struct LifeCycleTests {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test(arguments: Transport.allCases)
    func `requests under way are answered when the server stops`(
        _ transport: Transport
    ) async throws {
        let begun = Latch()
        let latch = Latch()
        try await withServer(transport) { request in
            if request.target == "/" {
                begun.open()
                await latch.wait()
            }
            return .text("done")
        } _: { server in
            let idle = try await server.connect()
            try await idle.send("GET /idle HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await idle.response().text == "done")
            let busy = try await server.connect()
            try await busy.send(Self.get)
            await begun.wait()
            async let stopped: Void = server.server.shutDown(within: .seconds(50))
            #expect(try await idle.rest().isEmpty)
            await #expect(throws: (any Error).self) { try await server.connect() }
            latch.open()
            let response = try await busy.response()
            #expect(response.text == "done" && response["Connection"] == "close")
            #expect(try await busy.rest().isEmpty)
            try await busy.close()
            await stopped
            #expect(server.server.connectionCount == 0)
        }
    }

    @Test(arguments: Transport.allCases)
    func `what is not done in time is cut`(_ transport: Transport) async throws {
        let begun = Latch()
        let latch = Latch()
        let sent = Log<HTTPResponse.Sent>()
        try await withServer(transport) { _ in
            begun.open()
            await latch.wait()
            return .text("late").reporting(to: sent)
        } _: { server in
            let client = try await server.connect()
            try await client.send(Self.get)
            await begun.wait()
            await server.server.shutDown(within: .milliseconds(1))
            #expect(try await client.rest().isEmpty)
            latch.open()
            #expect(await sent.next() == .init(bodyBytes: 0, isComplete: false))
        }
    }

    @Test func `a response that is ready at once is written without leaving the loop`() async throws
    {
        let threads = Log<Bool>()
        let hop = Latch()
        try await withServer { request in
            threads.append(MultiThreadedEventLoopGroup.currentEventLoop != nil)
            if request.target == "/hop" {
                await Self.elsewhere { hop.open() }
                await hop.wait()
                threads.append(MultiThreadedEventLoopGroup.currentEventLoop != nil)
            }
            return .text("x")
        } _: { server in
            let client = try await server.connect()
            for target in ["/", "/hop"] {
                try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.response().text == "x")
            }
            #expect(threads.elements == [true, true, true])
        }
    }

    @Test(arguments: Transport.allCases)
    func `a body may be read on another thread`(_ transport: Transport) async throws {
        try await withServer(transport) { request in
            let count = await Task.detached {
                var count = 0
                while let piece = try? await request.body.next() { count += piece.readableBytes }
                return count
            }.value
            return .text("\(count)")
        } _: { server in
            let client = try await server.connect()
            let size = 4 * 1024 * 1024
            for _ in 0..<3 {
                let head = "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n"
                try await client.send(head)
                try await client.send(ByteBuffer(repeating: 1, count: size))
                #expect(try await client.response().text == "\(size)")
            }
        }
    }

    @Test func `why it cannot start is told apart`() async throws {
        try await withServer { _ in
            .text("")
        } _: { server in
            let port = server.server.port
            await #expect(throws: HTTPServerError.portInUse(host: "127.0.0.1", port: port)) {
                try await Self.start(HTTPServerConfiguration(port: port))
            }
        }
        await #expect(throws: HTTPServerError.noSuchAddress(host: "192.0.2.1")) {
            try await Self.start(HTTPServerConfiguration(host: "192.0.2.1"))
        }
        await #expect(throws: HTTPServerError.noSuchAddress(host: "no-such-host.invalid")) {
            try await Self.start(HTTPServerConfiguration(host: "no-such-host.invalid"))
        }
        let missing = TLSFiles(certificateChain: "/no/such.pem", privateKey: "/no/such.pem")
        let error = await #expect(throws: HTTPServerError.self) {
            try await Self.start(HTTPServerConfiguration(tls: missing))
        }
        guard case .badCertificate("/no/such.pem", _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    private static func start(_ configuration: HTTPServerConfiguration) async throws {
        _ = try await HTTPServer.start(
            configuration,
            on: .singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            refusal: { _ in HTTPResponse() },
            responder: { _ in HTTPResponse() }
        )
    }

    @concurrent private static func elsewhere(_ work: @Sendable () -> Void) async { work() }
}
