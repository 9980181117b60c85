import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import S3Service
import Synchronization

/// Sends events to webhooks: one connection and one request each, no redirection followed.
///
/// So nothing is ever sent anywhere but to an address that was allowed. AsyncHTTPClient, which the gallery uses, would bring
/// a pool, redirections and HTTP/2 into a daemon that needs none of them.
struct WebhookClient: Sendable {
    /// Why there was no answer.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long a connection and then an answer are waited for, in seconds.
    private static let connectSeconds: Int64 = 10
    private static let answerSeconds: Int64 = 30

    private let group: MultiThreadedEventLoopGroup
    private let tls = ClientTLS()

    init(group: MultiThreadedEventLoopGroup) { self.group = group }

    /// Sends a request and answers its status.
    ///
    /// - Throws: ``Failure``, or what connecting throws.
    func send(_ request: WebhookRequest) async throws -> Int {
        guard let address = WebhookAddress(request.url) else {
            throw Failure(description: "the URL cannot be read")
        }
        let secure = address.isSecure ? try tls.context() : nil
        let answer = group.next().makePromise(of: Int.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(.seconds(Self.connectSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Self.fill(channel.pipeline.syncOperations, secure, address.host, answer)
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let timeout = channel.eventLoop.scheduleTask(in: .seconds(Self.answerSeconds)) {
            answer.fail(Failure(description: "no answer in \(Self.answerSeconds) s"))
        }
        Self.write(request, to: address, channel)
        return try await withTaskCancellationHandler {
            defer {
                timeout.cancel()
                channel.close(promise: nil)
            }
            return try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    private static func fill(
        _ pipeline: ChannelPipeline.SynchronousOperations,
        _ secure: NIOSSLContext?,
        _ host: String,
        _ answer: EventLoopPromise<Int>
    ) throws {
        if let secure {
            // An address is no name that TLS could be asked for.
            let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            let name = isAddress ? nil : host
            try pipeline.addHandler(NIOSSLClientHandler(context: secure, serverHostname: name))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(StatusReader(answer))
    }

    private static func write(
        _ request: WebhookRequest,
        to address: WebhookAddress,
        _ channel: any Channel
    ) {
        var headers: HTTPHeaders = [
            "Host": address.authority, "User-Agent": "Pail/\(pailVersion)",
            "Content-Length": String(request.body.count), "Connection": "close",
        ]
        for field in request.headers { headers.add(name: field.name, value: field.value) }
        let head = HTTPRequestHead(
            version: .http1_1,
            method: .POST,
            uri: address.target,
            headers: headers
        )
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        let body = IOData.byteBuffer(ByteBuffer(bytes: request.body))
        channel.write(HTTPClientRequestPart.body(body), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Waits for the status of an answer; the rest of it is not read.
private final class StatusReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<Int>

    init(_ answer: EventLoopPromise<Int>) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return }
        // 100 Continue and its like come before the answer.
        guard head.status.code >= 200 else { return }
        answer.succeed(Int(head.status.code))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.fail(
            WebhookClient.Failure(description: "the connection was closed without an answer")
        )
        context.fireChannelInactive()
    }
}

/// What a client trusts, the authorities of this machine: read when it is first needed, and once.
final class ClientTLS: Sendable {
    private let made = Mutex<NIOSSLContext?>(nil)

    /// The one context.
    ///
    /// - Throws: What reading the authorities throws; then it is tried again.
    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let context = made { return context }
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            made = context
            return context
        }
    }
}
