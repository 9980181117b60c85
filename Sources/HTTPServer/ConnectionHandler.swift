import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1

/// Joins one connection's channel, its ``ConnectionState`` and the responder.
///
/// No rule of the protocol is in here: what happens is told to the state, and what it answers is
/// done.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let service: Service
    let loop: LoopContext
    private(set) var context: ChannelHandlerContext?
    private(set) var exchange: Exchange?
    private(set) var state: ConnectionState
    private var alarm: (due: NIODeadline, task: Scheduled<Void>)?
    private var peer = ""
    /// Whether anything came of the read that is going on.
    private var sawArrival = false
    private var isReadWithheld = false
    private var isPumping = false

    /// Serves one connection.
    init(service: Service, loop: LoopContext) {
        self.service = service
        self.loop = loop
        state = ConnectionState(limits: service.limits, at: .now())
    }
}

// MARK: What the channel tells

extension ConnectionHandler {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress.map(peerAddress) ?? ""
        service.gate.add(self, on: context.eventLoop)
        setAlarm()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(.head(head))
        case .body(let bytes): receive(.body(bytes))
        case .end: receive(.end)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !sawArrival { state.receivedFragment(at: .now()) }
        sawArrival = false
        settleDown()
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        receive(.endOfInput)
        settleDown()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            receive(error.arrival)
            settleDown()
        case ByteToMessageDecoderError.dataReceivedInErrorState:
            // What follows a head that could not be read: thrown away, until the client is done.
            sawArrival = true
        default:
            service.logger.debug("connection failed", metadata: ["error": "\(error)"])
            perform(state.breakResponse())
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.connectionLost()
        service.gate.remove(self)
        alarm?.task.cancel()
        alarm = nil
        exchange.take()?.settle(isComplete: false)
        context.fireChannelInactive()
    }

    /// Every read passes here: one that there is no room for waits.
    func read(context: ChannelHandlerContext) {
        isReadWithheld = !state.wantsInput
        if !isReadWithheld { context.read() }
    }

    private func receive(_ arrival: ConnectionState.Arrival) {
        sawArrival = true
        perform(state.receive(arrival, at: .now()))
    }
}

// MARK: What the state orders

extension ConnectionHandler {
    private func perform(_ action: ConnectionState.Action?) {
        switch action {
        case nil: break
        case .open(let head): open(head)
        case .deliver(let bytes):
            if exchange?.body?.append(bytes) == true { state.bodyFilled() }
        case .complete: exchange?.body?.finish()
        case .failBody(let error): exchange?.body?.fail(error)
        case .refuse(let refusal): refuse(refusal)
        case .halfClose: context?.close(mode: .output, promise: nil)
        case .close: context?.close(promise: nil)
        case .cut: cut()
        }
    }

    private func open(_ head: CheckedHead) {
        let body: BodyQueue? = head.framing == .none ? nil : makeBody()
        let length: Int? =
            switch head.framing {
            case .none: 0
            case .length(let length): length
            case .chunked: nil
            }
        let question = HTTPRequest(
            method: head.method,
            target: head.target,
            headers: head.headers,
            body: body.map { body in HTTPBody(length: length) { try await body.next() } } ?? .empty,
            peer: peer,
            isSecure: service.isSecure
        )
        let request = ResponseHead.Request(method: head.method, version: head.version)
        exchange = Exchange(request, body: body, question: question)
    }

    private func makeBody() -> BodyQueue? {
        guard let context else { return nil }
        let loop = context.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        return BodyQueue(limits: service.limits, budget: service.budget) { signal in
            if loop.inEventLoop {
                handler.value.bodySignalled(signal)
            } else {
                loop.execute { handler.value.bodySignalled(signal) }
            }
        }
    }

    private func bodySignalled(_ signal: BodyQueue.Signal) {
        switch signal {
        case .asked: if state.bodyAsked() { invite() }
        case .emptied: state.bodyEmptied()
        }
        resumeReading()
        setAlarm()
    }

    private func invite() {
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context?.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func refuse(_ refusal: HTTPRefusal) {
        let exchange = Exchange(.unknown)
        self.exchange = exchange
        respond(service.refusal(refusal), in: exchange)
    }

    /// Closes the socket itself: closing through TLS would say that all was sent.
    private func cut() {
        guard let context else { return }
        context.channel.closeAbruptly()
    }
}

// MARK: Requests and responses

extension ConnectionHandler {
    /// Does what was put off while the channel was calling: begins the request whose body arrives,
    /// takes the next that was sent ahead, reads on.
    private func settleDown() {
        pump()
        resumeReading()
        setAlarm()
    }

    /// A response that is ready at once comes back here from within; it finds the loop running.
    private func pump() {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while true {
            if let action = state.next(at: .now()) {
                perform(action)
            } else if let exchange, let question = exchange.question.take() {
                ask(question, in: exchange)
            } else {
                break
            }
        }
    }

    /// Asks the responder, on this loop and at once: an answer that needs no waiting is written
    /// before this returns.
    private func ask(_ question: HTTPRequest, in exchange: Exchange) {
        guard let context else { return }
        let responder = service.responder
        let here = NIOLoopBound((self, exchange), eventLoop: context.eventLoop)
        Task.immediate(executorPreference: loop.executor) {
            let response = await responder(question)
            let (handler, exchange) = here.value
            guard let pieces = handler.respond(response, in: exchange) else { return }
            let isComplete = await pieces.write()
            handler.finish(exchange, isComplete: isComplete)
        }
    }

    /// Writes a response, or the part of it that is there; returns what remains to be written.
    @discardableResult
    private func respond(_ response: HTTPResponse, in exchange: Exchange) -> PieceWriter? {
        guard let context, exchange === self.exchange else {
            response.onSent?(HTTPResponse.Sent(bodyBytes: 0, isComplete: false))
            return nil
        }
        exchange.onSent = response.onSent
        let closing = ResponseHead.closes(response, to: exchange.request)
        let keepAlive = state.beginResponse(closing: closing)
        let head = ResponseHead(
            response,
            to: exchange.request,
            keepAlive: keepAlive,
            date: loop.currentDate()
        )
        guard let head else { return respondUnusable(in: exchange) }
        context.write(wrapOutboundOut(.head(head.head)), promise: nil)
        if head.framing != .none, case .pieces(let length, let next) = response.body {
            return PieceWriter(
                context: context,
                exchange: exchange,
                service: service,
                left: length,
                next: next
            )
        }
        if head.framing != .none, case .bytes(let bytes) = response.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
            end(exchange, sending: bytes.readableBytes)
        } else {
            end(exchange, sending: 0)
        }
        return nil
    }

    /// Answers in place of a response that must not be sent; where that must not either, nothing is.
    private func respondUnusable(in exchange: Exchange) -> PieceWriter? {
        service.logger.error("a response had a header field that cannot be sent")
        exchange.onSent.take()?(HTTPResponse.Sent(bodyBytes: 0, isComplete: false))
        guard !exchange.isRefused else {
            finish(exchange, isComplete: false)
            return nil
        }
        exchange.isRefused = true
        var refusal = service.refusal(.unusableResponse)
        refusal.headers.replaceOrAdd(name: "Connection", value: "close")
        return respond(refusal, in: exchange)
    }

    /// Ends a response that was written but for its last flush.
    private func end(_ exchange: Exchange, sending bytes: Int) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            let isComplete = if case .success = result { true } else { false }
            if isComplete { exchange.sentBytes += bytes }
            self.finish(exchange, isComplete: isComplete)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func finish(_ exchange: Exchange, isComplete: Bool) {
        exchange.settle(isComplete: isComplete)
        guard exchange === self.exchange else { return }
        self.exchange = nil
        perform(isComplete ? state.finishResponse(at: .now()) : state.breakResponse())
        if !isPumping { settleDown() }
    }

    private func resumeReading() {
        guard isReadWithheld, state.wantsInput else { return }
        isReadWithheld = false
        context?.read()
    }
}

// MARK: Time and shutting down

extension ConnectionHandler {
    /// Sees to it that somebody looks when the state wants it. An alarm that comes too early is let
    /// be: it costs less to look in vain than to schedule anew at each request.
    private func setAlarm() {
        guard let context, let due = state.deadline else { return }
        if let alarm, alarm.due <= due { return }
        alarm?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: due) { self.ring() }
        alarm = (due, task)
    }

    private func ring() {
        alarm = nil
        guard let context else { return }
        let unsent = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        let reader = exchange?.body?.waitingSince
        perform(state.ring(at: .now(), reader: reader, unsent: unsent ?? 0))
        settleDown()
    }

    /// Closes the connection when the request under way is answered, or now if there is none.
    func shutDown() {
        perform(state.shutDown(at: .now()))
        settleDown()
    }

    /// Closes the connection now.
    func abandon() { perform(state.breakResponse()) }
}

extension HTTPParserError {
    /// What the connection makes of it.
    fileprivate var arrival: ConnectionState.Arrival {
        switch self {
        case .invalidEOFState, .closedConnection: .endOfInput
        case .headerOverflow: .refusal(.headersTooLarge)
        case .invalidVersion: .refusal(.unsupportedVersion)
        case .unexpectedContentLength, .invalidContentLength: .refusal(.ambiguousFraming)
        default: .refusal(.malformed)
        }
    }
}
