import HTTPMessage
import NIOCore
import NIOHTTP1

/// What a connection is doing and what it must do next: the whole of the protocol's rules, without
/// a socket, a thread or a clock.
///
/// Events go in with the time they happened, and each yields at most one ``Action``. Requests that
/// were sent ahead wait in here; after a response, ``next(at:)`` yields what they call for.
struct ConnectionState {
    /// Something that came from the client, in the order it came.
    enum Arrival {
        case head(HTTPRequestHead)
        case body(ByteBuffer)
        case end
        /// What the parser could not read; nothing follows but the end of the input.
        case refusal(HTTPRefusal)
        /// The client closed its side, perhaps in the middle of something.
        case endOfInput
    }

    /// Something the connection must do.
    enum Action {
        /// Make ready to serve a request; it begins when what has come of its body is delivered.
        case open(CheckedHead)
        /// Hand bytes to the reader of the request's body.
        case deliver(ByteBuffer)
        /// The request's body is all there.
        case complete
        /// The rest of the request's body will never come.
        case failBody(HTTPBodyError)
        /// Answer with a refusal.
        case refuse(HTTPRefusal)
        /// Close our side and read on, so that the client can read the response in peace.
        case halfClose
        /// Close.
        case close
        /// Close without a word, so that the client sees that something is missing.
        case cut
    }

    /// The request under way.
    private struct Serving {
        /// What is still to come of the request.
        enum Input {
            case arriving
            case complete
            case lost
        }

        var input: Input
        var keepAlive: Bool
        /// Whether the client waits for `100 Continue` before it sends the body.
        var awaitsInvitation = false
        /// The length of the body that was announced.
        var announced: Int?
        var received = 0
        var watch: StallWatch

        /// A request whose body has yet to come.
        init(_ head: CheckedHead, watch: StallWatch) {
            self.init(input: .arriving, keepAlive: head.keepAlive, watch: watch)
            awaitsInvitation = head.expectsContinue
            if case .length(let length) = head.framing { announced = length }
        }

        init(input: Input, keepAlive: Bool, watch: StallWatch) {
            self.input = input
            self.keepAlive = keepAlive
            self.watch = watch
        }
    }

    private enum Phase {
        /// Nothing of the next request has come.
        case idle(since: NIODeadline)
        /// Some of the next request's head has.
        case head(since: NIODeadline)
        /// A request's response is not finished.
        case serving(Serving)
        /// The response is finished, and what still comes of the request is thrown away.
        case draining(left: Int, until: NIODeadline)
        /// Our side is closed, and everything that still comes is thrown away.
        case lingering(until: NIODeadline)
        case closed
    }

    private let limits: ConnectionLimits
    private var phase: Phase
    private var waiting = CircularBuffer<Arrival>()
    private var waitingHeads = 0
    /// Whether too much was sent ahead, so that nothing more is looked at.
    private var isDeaf = false
    private var inputEnded = false
    private var isBodyFull = false
    private var isShuttingDown = false

    /// A connection that was opened just now.
    init(limits: HTTPLimits, at now: NIODeadline) {
        self.limits = ConnectionLimits(limits)
        phase = .idle(since: now)
    }
}

// MARK: What the client does

extension ConnectionState {
    /// Whether there is room for what a read may bring.
    var wantsInput: Bool {
        switch phase {
        case .idle, .head: waiting.isEmpty
        case .serving(let serving): serving.input == .arriving && !isBodyFull
        case .draining, .lingering: true
        case .closed: false
        }
    }

    /// Takes what came.
    mutating func receive(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        if case .endOfInput = arrival {
            guard !inputEnded else { return nil }
            inputEnded = true
        } else if isDeaf {
            return nil
        }
        guard mustWait else { return advance(arrival, at: now) }
        wait(arrival)
        return nil
    }

    private mutating func wait(_ arrival: Arrival) {
        if case .head = arrival { waitingHeads += 1 }
        isDeaf = waitingHeads > limits.waitingRequests
        waiting.append(isDeaf ? .refusal(.tooManyWaiting) : arrival)
    }

    /// What the next of the requests that were sent ahead calls for.
    mutating func next(at now: NIODeadline) -> Action? {
        while !mustWait, let arrival = waiting.popFirst() {
            if case .head = arrival { waitingHeads -= 1 }
            if let action = advance(arrival, at: now) { return action }
        }
        return nil
    }

    /// A read brought bytes that the parser made nothing of yet: the beginning of a head.
    mutating func receivedFragment(at now: NIODeadline) {
        if case .idle = phase { phase = .head(since: now) }
    }

    /// The connection is gone.
    mutating func connectionLost() {
        phase = .closed
        waiting.removeAll()
    }

    /// Whether what comes belongs to a later request than the one under way.
    private var mustWait: Bool {
        if case .serving(let serving) = phase { serving.input == .complete } else { false }
    }

    private mutating func advance(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        switch phase {
        case .idle, .head: begin(arrival, at: now)
        case .serving(let serving): proceed(serving, arrival, at: now)
        case .draining(let left, let until): drain(arrival, left: left, until: until, at: now)
        case .lingering: if case .endOfInput = arrival { closeNow(.cut) } else { nil }
        case .closed: nil
        }
    }

    private mutating func begin(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        switch arrival {
        case .head(let head):
            do throws(HTTPRefusal) {
                let head = try CheckedHead(head)
                phase = .serving(Serving(head, watch: StallWatch(limits, at: now)))
                return .open(head)
            } catch {
                return refuse(error, at: now)
            }
        case .body, .end: return nil
        case .refusal(let refusal): return refuse(refusal, at: now)
        case .endOfInput: return closeNow(.close)
        }
    }

    private mutating func refuse(_ refusal: HTTPRefusal, at now: NIODeadline) -> Action {
        let watch = StallWatch(limits, at: now)
        phase = .serving(Serving(input: .lost, keepAlive: false, watch: watch))
        return .refuse(refusal)
    }

    private mutating func proceed(
        _ serving: Serving,
        _ arrival: Arrival,
        at now: NIODeadline
    ) -> Action? {
        guard serving.input == .arriving else { return nil }
        var serving = serving
        defer { phase = .serving(serving) }
        switch arrival {
        case .head: return nil
        case .body(let bytes):
            serving.received += bytes.readableBytes
            serving.awaitsInvitation = false
            serving.watch.bytesArrived(at: now)
            return .deliver(bytes)
        case .end:
            serving.input = .complete
            serving.awaitsInvitation = false
            return .complete
        case .refusal:
            serving.input = .lost
            return .failBody(.malformed)
        case .endOfInput:
            serving.input = .lost
            return .failBody(.connectionClosed)
        }
    }

    private mutating func drain(
        _ arrival: Arrival,
        left: Int,
        until: NIODeadline,
        at now: NIODeadline
    ) -> Action? {
        switch arrival {
        case .head: return nil
        case .body(let bytes):
            guard bytes.readableBytes <= left else { return linger(from: now) }
            phase = .draining(left: left - bytes.readableBytes, until: until)
            return nil
        case .end:
            phase = .idle(since: now)
            return nil
        case .refusal: return linger(from: now)
        case .endOfInput: return closeNow(.close)
        }
    }

    private mutating func linger(from now: NIODeadline) -> Action {
        phase = .lingering(until: now + limits.linger)
        return .halfClose
    }

    private mutating func closeNow(_ action: Action) -> Action {
        phase = .closed
        return action
    }
}

// MARK: What the server does

extension ConnectionState {
    /// The reader of the body holds as much as it may.
    mutating func bodyFilled() { isBodyFull = true }

    /// The reader of the body has room again.
    mutating func bodyEmptied() { isBodyFull = false }

    /// The body was asked for: whether the client must be invited to send it.
    mutating func bodyAsked() -> Bool {
        guard case .serving(var serving) = phase, serving.awaitsInvitation else { return false }
        serving.awaitsInvitation = false
        phase = .serving(serving)
        return true
    }

    /// A response begins; it is told whether the connection will be kept after it.
    mutating func beginResponse(closing: Bool = false) -> Bool {
        guard case .serving(var serving) = phase else { return false }
        serving.keepAlive =
            serving.keepAlive && !closing && !isShuttingDown && leavesReusable(serving)
        // An invitation after the head of the response would be a second response.
        serving.awaitsInvitation = false
        phase = .serving(serving)
        return serving.keepAlive
    }

    /// Whether the next request can be found after this one.
    private func leavesReusable(_ serving: Serving) -> Bool {
        switch serving.input {
        case .lost: return false
        case .complete:
            if case .endOfInput? = waiting.first { return false }
            return true
        case .arriving:
            // Who was not invited may or may not send the body: what comes next is anyone's guess.
            let left = (serving.announced ?? serving.received) - serving.received
            return !serving.awaitsInvitation && left <= limits.drainBytes
        }
    }

    /// The response was written in full.
    mutating func finishResponse(at now: NIODeadline) -> Action? {
        guard case .serving(let serving) = phase else { return nil }
        isBodyFull = false
        guard serving.keepAlive, !isShuttingDown, serving.input != .lost else {
            return inputEnded && waiting.isEmpty ? closeNow(.close) : linger(from: now)
        }
        phase =
            serving.input == .complete
            ? .idle(since: now)
            : .draining(left: limits.drainBytes, until: now + limits.drain)
        return nil
    }

    /// The response cannot be finished.
    mutating func breakResponse() -> Action { closeNow(.cut) }

    /// No request may begin from now on; the one under way may finish.
    mutating func shutDown(at now: NIODeadline) -> Action? {
        isShuttingDown = true
        switch phase {
        case .idle where waiting.isEmpty, .head: return closeNow(.close)
        case .draining: return linger(from: now)
        case .idle, .serving, .lingering, .closed: return nil
        }
    }
}

// MARK: What time does

extension ConnectionState {
    /// When ``ring(at:reader:unsent:)`` must be called, if nothing happens before.
    var deadline: NIODeadline? {
        switch phase {
        case .idle(let since): since + limits.idle
        case .head(let since): since + limits.header
        case .serving(let serving): serving.watch.deadline
        case .draining(_, let until), .lingering(let until): until
        case .closed: nil
        }
    }

    /// Time has passed; nothing happens where the deadline is still to come.
    ///
    /// - Parameters:
    ///   - reader: Since when somebody waits for bytes of the body.
    ///   - unsent: How many bytes of the response the client has not taken.
    mutating func ring(at now: NIODeadline, reader: NIODeadline?, unsent: Int) -> Action? {
        guard let deadline, deadline <= now else { return nil }
        switch phase {
        case .idle: return closeNow(.close)
        case .head: return refuse(.headerTimeout, at: now)
        case .draining: return linger(from: now)
        case .lingering: return closeNow(.cut)
        case .closed: return nil
        case .serving(var serving):
            let stall = serving.watch.check(at: now, reader: reader, unsent: unsent)
            if stall == .ofResponse { return closeNow(.cut) }
            if stall == .ofBody { serving.input = .lost }
            phase = .serving(serving)
            return stall == .ofBody ? .failBody(.stalled) : nil
        }
    }
}
