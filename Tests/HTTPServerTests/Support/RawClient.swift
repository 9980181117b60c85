import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import HTTPServer

/// A connection that sends exactly the bytes it is told to, and keeps what comes back.
final class RawClient: Sendable {
    /// What a client saw of its connection.
    struct Closed: Error {}

    let channel: any Channel
    private let inbox: Inbox

    private init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    static func connect(
        to port: Int,
        host: String = "127.0.0.1",
        secure: Bool
    ) async throws
        -> RawClient
    {
        let inbox = Inbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if secure { try channel.pipeline.syncOperations.addHandler(tlsHandler()) }
                    try channel.pipeline.syncOperations.addHandler(InboxHandler(inbox))
                }
            }
            .connect(host: host, port: port).get()
        return RawClient(channel: channel, inbox: inbox)
    }

    private static func tlsHandler() throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        return try NIOSSLClientHandler(context: context, serverHostname: nil)
    }

    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes).get()
    }

    /// Closes the sending side, as `nc -N` does after the last byte.
    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    /// Closes the socket, as a process that dies does: without TLS's good-bye.
    func close() async throws {
        let channel = channel
        try await channel.eventLoop.flatSubmit {
            let closed = channel.eventLoop.makePromise(of: Void.self)
            let tls = try? channel.pipeline.syncOperations
                .context(handlerType: NIOSSLClientHandler.self)
            if let tls { tls.close(promise: closed) } else { channel.close(promise: closed) }
            return closed.futureResult
        }.get()
    }

    /// The next response.
    func response(toHead: Bool = false) async throws -> RawResponse {
        try await inbox.read { try RawResponse(parsing: &$0, ended: $1, toHead: toHead) }
    }

    /// Everything up to the server's close, which must come.
    func rest() async throws -> String {
        try await inbox.read { bytes, ended in
            ended ? bytes.readString(length: bytes.readableBytes) : nil
        }
    }

    /// Bytes that came and were not read.
    var unread: Int { inbox.count }

    /// Whether the connection was reset rather than closed.
    var wasReset: Bool { inbox.wasReset }
}

/// A response as it stood on the wire.
struct RawResponse: Sendable {
    var status = 0
    var reason = ""
    var fields: [(name: String, value: String)] = []
    var body = ByteBuffer()

    var text: String { String(buffer: body) }

    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Takes a response off the front of `bytes`, or `nil` while it is not all there.
    init?(parsing bytes: inout ByteBuffer, ended: Bool, toHead: Bool) throws {
        var rest = bytes
        guard let head = rest.readHead() else { return nil }
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        status = Int(first[1]) ?? 0
        reason = first.count > 2 ? String(first[2]) : ""
        fields = lines.dropFirst().map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        if status < 200 || status == 204 || status == 304 || toHead {
            body = ByteBuffer()
        } else if self["Transfer-Encoding"] == "chunked" {
            guard let chunks = rest.readChunks() else { return nil }
            body = chunks
        } else if let length = self["Content-Length"].flatMap(Int.init) {
            guard let content = rest.readSlice(length: length) else { return nil }
            body = content
        } else {
            guard ended else { return nil }
            body = rest.slice()
            rest.clear()
        }
        bytes = rest
    }
}

extension ByteBuffer {
    fileprivate mutating func readLine() -> String? {
        guard let length = readableBytesView.firstIndex(of: 10).map({ $0 - readerIndex }),
            let line = readString(length: length)
        else { return nil }
        moveReaderIndex(forwardBy: 1)
        return line.hasSuffix("\r") ? String(line.dropLast()) : line
    }

    fileprivate mutating func readHead() -> String? {
        var lines: [String] = []
        while let line = readLine() {
            if line.isEmpty { return lines.joined(separator: "\r\n") }
            lines.append(line)
        }
        return nil
    }

    fileprivate mutating func readChunks() -> ByteBuffer? {
        var body = ByteBuffer()
        while let line = readLine(), let size = Int(line, radix: 16) {
            guard var chunk = readSlice(length: size), readLine() != nil else { return nil }
            if size == 0 { return body }
            body.writeBuffer(&chunk)
        }
        return nil
    }
}

/// What has come, and who waits for more.
private final class Inbox: Sendable {
    private struct State {
        var bytes = ByteBuffer()
        var ended = false
        var wasReset = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.bytes.readableBytes } }
    var wasReset: Bool { state.withLock { $0.wasReset } }

    func append(_ bytes: ByteBuffer) {
        state.withLock { state in
            state.bytes.writeImmutableBuffer(bytes)
            return state.waiter.take()
        }?.resume()
    }

    func end(reset: Bool) {
        state.withLock { state in
            state.ended = true
            state.wasReset = state.wasReset || reset
            return state.waiter.take()
        }?.resume()
    }

    /// Waits until `parse` makes something of what has come.
    func read<Value: Sendable>(
        _ parse: @Sendable (inout ByteBuffer, Bool) throws -> Value?
    ) async throws -> Value {
        while true {
            let (value, ended, seen) = try state.withLock { state in
                (try parse(&state.bytes, state.ended), state.ended, state.bytes.writerIndex)
            }
            if let value { return value }
            if ended { throw RawClient.Closed() }
            await change(since: seen)
        }
    }

    private func change(since seen: Int) async {
        await withCheckedContinuation { continuation in
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                if state.ended || state.bytes.writerIndex != seen { return continuation }
                state.waiter = continuation
                return nil
            }?.resume()
        }
    }
}

private final class InboxHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inbox: Inbox

    init(_ inbox: Inbox) { self.inbox = inbox }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inbox.append(unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { inbox.end(reset: false) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if (error as? IOError)?.errnoCode == 104 { inbox.end(reset: true) }
    }

    func channelInactive(context: ChannelHandlerContext) { inbox.end(reset: false) }
}
