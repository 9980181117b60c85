import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One HTTP request over a connection of its own; no redirection is followed.
///
/// AsyncHTTPClient, which the gallery uses, would bring a pool, redirections and HTTP/2 into a daemon that needs
/// none of them.
struct OneRequest: Sendable {
    /// Why there was no answer.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// An answer, with as much of its body as was wanted.
    struct Answer: Sendable {
        var status: Int
        var body = ByteBuffer()
    }

    /// How long a connection is waited for, in seconds.
    private static let connectSeconds: Int64 = 10

    let group: MultiThreadedEventLoopGroup
    /// What is trusted, where it is read once for many requests.
    var tls: ClientTLS?
    /// How long an answer is waited for, in seconds.
    var answerSeconds: Int64 = 30
    /// The most bytes of the answer's body, or `nil` where nobody reads it.
    var bodyLimit: Int?
    /// A PEM file with certificates that are trusted, in place of this machine's authorities.
    var certificates: String?

    /// Sends a request and answers what comes.
    ///
    /// - Throws: ``Failure``, or what connecting throws.
    func send(
        _ method: HTTPMethod,
        to address: WebhookAddress,
        headers: HTTPHeaders,
        body: ByteBuffer
    ) async throws -> Answer {
        let secure =
            address.isSecure ? try tls?.context() ?? NIOSSLContext(configuration: trust) : nil
        let answer = group.next().makePromise(of: Answer.self)
        let reader = bodyLimit
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: group)
                .connectTimeout(.seconds(Self.connectSeconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try Self.fill(pipeline, secure, address.host, reader, answer)
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let seconds = answerSeconds
        let timeout = channel.eventLoop.scheduleTask(in: .seconds(seconds)) {
            answer.fail(Failure(description: "no answer in \(seconds) s"))
        }
        Self.write(method, address, headers, body, channel)
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

    private var trust: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let certificates { configuration.trustRoots = .file(certificates) }
        return configuration
    }

    private static func fill(
        _ pipeline: ChannelPipeline.SynchronousOperations,
        _ secure: NIOSSLContext?,
        _ host: String,
        _ bodyLimit: Int?,
        _ answer: EventLoopPromise<Answer>
    ) throws {
        if let secure {
            // An address is no name that TLS could be asked for.
            let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            let name = isAddress ? nil : host
            try pipeline.addHandler(NIOSSLClientHandler(context: secure, serverHostname: name))
        }
        try pipeline.addHTTPClientHandlers()
        try pipeline.addHandler(AnswerReader(answer, bodyLimit: bodyLimit))
    }

    private static func write(
        _ method: HTTPMethod,
        _ address: WebhookAddress,
        _ given: HTTPHeaders,
        _ body: ByteBuffer,
        _ channel: any Channel
    ) {
        var headers = given
        headers.replaceOrAdd(name: "Host", value: address.authority)
        headers.replaceOrAdd(name: "User-Agent", value: "Pail/\(pailVersion)")
        headers.replaceOrAdd(name: "Content-Length", value: String(body.readableBytes))
        headers.replaceOrAdd(name: "Connection", value: "close")
        let head = HTTPRequestHead(
            version: .http1_1,
            method: method,
            uri: address.target,
            headers: headers
        )
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        channel.write(HTTPClientRequestPart.body(.byteBuffer(body)), promise: nil)
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Waits for an answer; its body is read only where somebody wants it.
private final class AnswerReader: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let answer: EventLoopPromise<OneRequest.Answer>
    private let bodyLimit: Int?
    private var read: OneRequest.Answer?

    init(_ answer: EventLoopPromise<OneRequest.Answer>, bodyLimit: Int?) {
        self.answer = answer
        self.bodyLimit = bodyLimit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // 100 Continue and its like come before the answer.
            guard head.status.code >= 200 else { return }
            let begun = OneRequest.Answer(status: Int(head.status.code))
            read = begun
            if bodyLimit == nil { answer.succeed(begun) }
        case .body(let bytes):
            guard let bodyLimit else { return }
            read?.body.writeImmutableBuffer(bytes)
            guard read?.body.readableBytes ?? 0 <= bodyLimit else {
                return fail("the answer has more than \(bodyLimit) bytes")
            }
        case .end: if bodyLimit != nil, let read { answer.succeed(read) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("the connection was closed without an answer")
        context.fireChannelInactive()
    }

    private func fail(_ reason: String) {
        answer.fail(OneRequest.Failure(description: reason))
    }
}
