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
    private let alarm = Alarm()
    private var peer = ""
    /// Whether anything came of the read that is going on.
    private var sawArrival = false
    private var isReadWithheld = false
    private var isPumping = false
    /// Whether the connection ends with a reset where it is cut.
    var resetsWhenCut = false
    private(set) var isShuttingDown = false

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
            receive(ConnectionState.Arrival(error))
            settleDown()
        case ByteToMessageDecoderError.dataReceivedInErrorState:
            // What follows a head that could not be read: thrown away, until the client is done.
            sawArrival = true
        case _ where error.isUncleanTLSClose:
            // A client that is done without a word; the end of the input is told next.
            break
        default:
            service.logger.debug("connection failed", metadata: ["error": "\(error)"])
            perform(state.breakResponse())
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.connectionLost()
        service.gate.remove(self)
        alarm.cancel()
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
        if case .endOfInput = arrival { endSilence() }
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
        case .close: context?.channel.closeWithGoodbye()
        case .cut:
            if resetsWhenCut { context?.channel.resetsWhenClosed() }
            context?.channel.closeAbruptly()
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

    func invite() {
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context?.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func refuse(_ refusal: HTTPRefusal) {
        let exchange = Exchange(.unknown)
        self.exchange = exchange
        respond(service.refusal(refusal), in: exchange)
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
        if let mishap = response.mishap, suffer(mishap, in: exchange) { return nil }
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
            write(.body(.byteBuffer(bytes)), of: exchange, counting: bytes.readableBytes)
        } else {
            write(.end(nil), of: exchange)
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

    /// Writes the last part of a response, with all that was written before.
    private func write(
        _ part: HTTPServerResponsePart,
        of exchange: Exchange,
        counting bytes: Int = 0
    ) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            let isComplete = if case .success = result { true } else { false }
            if isComplete { exchange.sentBytes += bytes }
            self.finish(exchange, isComplete: isComplete)
        }
        exchange.isWriting = true
        context.write(wrapOutboundOut(part), promise: written)
        context.flush()
    }

    func finish(_ exchange: Exchange, isComplete: Bool) {
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
    private func setAlarm() {
        guard let context, let due = state.deadline else { return }
        alarm.set(due, on: context.eventLoop) { self.ring() }
    }

    private func ring() {
        guard let context else { return }
        let reader = exchange?.body?.waitingSince
        let buffered = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        // A head that waits for its first piece is buffered too, and no fault of the client's.
        let unsent = exchange?.isWriting == true ? buffered ?? 0 : 0
        let sent = exchange?.sentBytes ?? 0
        perform(state.ring(at: .now(), reader: reader, sent: sent, unsent: unsent))
        settleDown()
    }

    /// Closes the connection when the request under way is answered, or now if there is none.
    func shutDown() {
        isShuttingDown = true
        perform(state.shutDown(at: .now()))
        endSilence()
        settleDown()
    }

    /// Closes the connection now.
    func abandon() { perform(state.breakResponse()) }
}
