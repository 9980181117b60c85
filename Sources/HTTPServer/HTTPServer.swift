public import HTTPMessage
public import Logging
import NIOCore
import NIOHTTP1
public import NIOPosix
import NIOSSL

/// An HTTP/1.1 server on one address.
///
/// It owns the protocol: connections, framing, keep-alive, time-outs, back-pressure. What a request
/// means is the responder's business, which gets one ``HTTPRequest`` and returns one
/// ``HTTPResponse``; it runs on the connection's event loop, so what takes long must go elsewhere.
public final class HTTPServer: Sendable {
    /// Answers a request.
    public typealias Responder = @Sendable (HTTPRequest) async -> HTTPResponse
    /// Says what a client is told that could not be served; the server closes the connection after.
    public typealias Refusal = @Sendable (HTTPRefusal) -> HTTPResponse

    /// The port it listens on: the one asked for, or the one that was free.
    public let port: Int

    private let channel: any Channel
    let gate: ConnectionGate

    private init(channel: any Channel, gate: ConnectionGate) {
        self.channel = channel
        self.gate = gate
        port = channel.localAddress?.port ?? 0
    }

    /// How many connections are open.
    public var connectionCount: Int { gate.count }

    /// Binds the address and begins to serve.
    ///
    /// - Throws: ``HTTPServerError``.
    public static func start(
        _ configuration: HTTPServerConfiguration,
        on group: MultiThreadedEventLoopGroup,
        logger: Logger,
        refusal: @escaping Refusal,
        responder: @escaping Responder
    ) async throws(HTTPServerError) -> HTTPServer {
        let gate = ConnectionGate(limit: configuration.limits.connections, logger: logger)
        let service = Service(
            limits: configuration.limits,
            budget: configuration.bodyBudget,
            isSecure: configuration.tls != nil,
            logger: logger,
            gate: gate,
            refusal: refusal,
            responder: responder
        )
        let bootstrap = try bootstrap(service, tls: configuration.tls?.makeContext(), on: group)
        do {
            let channel =
                try await bootstrap
                .bind(host: configuration.host, port: configuration.port).get()
            return HTTPServer(channel: channel, gate: gate)
        } catch {
            throw HTTPServerError(error, binding: configuration.host, configuration.port)
        }
    }

    /// Stops.
    ///
    /// No connection is accepted from now on, idle ones are closed, and requests under way are
    /// answered with `Connection: close`. What is not done within `grace` is cut. Returns when the
    /// last connection is closed.
    public func shutDown(within grace: Duration) async {
        try? await channel.close().get()
        gate.shutDown()
        let gate = gate
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(grace)) { gate.abandon() }
        await gate.waitUntilEmpty()
        deadline.cancel()
    }
}

extension HTTPServer {
    private static func bootstrap(
        _ service: Service,
        tls: NIOSSLContext?,
        on group: MultiThreadedEventLoopGroup
    ) -> ServerBootstrap {
        let loops = LoopContexts(group)
        let allocator = ReceiveAllocator(
            limits: service.limits,
            isSecure: tls != nil,
            budget: service.budget
        )
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptHandler(gate: service.gate)
                    )
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: allocator)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try addHandlers(to: channel, service, tls, loops)
                }
            }
    }

    private static func addHandlers(
        to channel: any Channel,
        _ service: Service,
        _ tls: NIOSSLContext?,
        _ loops: LoopContexts
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        // The head says how the body is framed already.
        var encoding = HTTPResponseEncoder.Configuration()
        encoding.automaticallySetFramingHeaders = false
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = service.limits.headerBytes
        decoding.maxHeaderListSize = service.limits.headerBytes
        decoding.maxHeaderFieldCount = service.limits.headerFields
        try pipeline.addHandler(HTTPResponseEncoder(configuration: encoding))
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes,
            limitConfiguration: decoding
        )
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        let loop = loops.context(of: channel.eventLoop)
        try pipeline.addHandler(ConnectionHandler(service: service, loop: loop))
    }
}
