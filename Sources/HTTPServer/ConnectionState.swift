import NIOCore

/// What a connection is doing and what it must do next: the whole of the protocol's rules, without
/// a socket, a thread or a clock.
///
/// Events go in with the time they happened, and each yields at most one ``Action``. Requests that
/// were sent ahead wait in here; after a response, ``next(at:)`` yields what they call for.
struct ConnectionState {
    private enum Phase {
        /// Nothing of the next request has come.
        case idle(since: NIODeadline)
        /// Some of the next request's head has.
        case head(since: NIODeadline)
        /// A request's response is not finished.
        case serving(RequestProgress)
        /// The response is finished, and what still comes of the request is thrown away.
        case draining(left: Int, until: NIODeadline)
        /// Our side is closed, and everything that still comes is thrown away.
        case lingering(until: NIODeadline)
        case closed
    }

    private let limits: ConnectionLimits
    private var phase: Phase
    private var backlog: Backlog
    private var isBodyFull = false
    private var isShuttingDown = false

    /// A connection that was opened just now.
    init(limits: HTTPLimits, at now: NIODeadline) {
        self.limits = ConnectionLimits(limits)
        backlog = Backlog(limit: limits.waitingRequests)
        phase = .idle(since: now)
    }
}

// MARK: What the client does

extension ConnectionState {
    /// Whether there is room for what a read may bring.
    var wantsInput: Bool {
        switch phase {
        case .idle, .head: backlog.isEmpty
        case .serving(let request): request.input == .arriving && !isBodyFull
        case .draining, .lingering: true
        case .closed: false
        }
    }

    /// Takes what came.
    mutating func receive(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        guard backlog.admits(arrival) else { return nil }
        guard mustWait else { return advance(arrival, at: now) }
        backlog.append(arrival)
        return nil
    }

    /// What the next of the requests that were sent ahead calls for.
    mutating func next(at now: NIODeadline) -> Action? {
        while !mustWait, let arrival = backlog.popFirst() {
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
        backlog.removeAll()
    }

    /// Whether what comes belongs to a later request than the one under way.
    private var mustWait: Bool {
        if case .serving(let request) = phase { request.input == .complete } else { false }
    }

    private mutating func advance(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        switch phase {
        case .idle, .head: return begin(arrival, at: now)
        case .serving(var request):
            defer { phase = .serving(request) }
            return request.receive(arrival, at: now)
        case .draining(let left, let until):
            return drain(arrival, left: left, until: until, at: now)
        case .lingering:
            guard case .endOfInput = arrival else { return nil }
            return close(with: .cut)
        case .closed: return nil
        }
    }

    private mutating func begin(_ arrival: Arrival, at now: NIODeadline) -> Action? {
        switch arrival {
        case .head(let head):
            do throws(HTTPRefusal) {
                let head = try CheckedHead(head)
                phase = .serving(RequestProgress(head, watch: StallWatch(limits, at: now)))
                return .open(head)
            } catch {
                return refuse(error, at: now)
            }
        case .body, .end: return nil
        case .refusal(let refusal): return refuse(refusal, at: now)
        case .endOfInput: return close(with: .close)
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
        case .endOfInput: return close(with: .close)
        }
    }

    private mutating func refuse(_ refusal: HTTPRefusal, at now: NIODeadline) -> Action {
        phase = .serving(RequestProgress(refusedWith: StallWatch(limits, at: now)))
        return .refuse(refusal)
    }

    private mutating func linger(from now: NIODeadline) -> Action {
        phase = .lingering(until: now + limits.linger)
        return .halfClose
    }

    private mutating func close(with action: Action) -> Action {
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

    /// The body was asked for; returns whether the client must be invited to send it.
    mutating func bodyAsked() -> Bool {
        guard case .serving(var request) = phase else { return false }
        defer { phase = .serving(request) }
        return request.takeInvitation()
    }

    /// A response begins; returns whether the connection will be kept after it.
    mutating func beginResponse(closing: Bool = false) -> Bool {
        guard case .serving(var request) = phase else { return false }
        let isReusable = request.leavesReusable(draining: limits.drainBytes) && !backlog.isAtEnd
        request.keepAlive = request.keepAlive && isReusable && !closing && !isShuttingDown
        _ = request.takeInvitation()
        phase = .serving(request)
        return request.keepAlive
    }

    /// The response was written in full.
    mutating func finishResponse(at now: NIODeadline) -> Action? {
        guard case .serving(let request) = phase else { return nil }
        isBodyFull = false
        guard request.keepAlive, request.input != .lost, !isShuttingDown else {
            return backlog.isAtEnd ? close(with: .close) : linger(from: now)
        }
        phase =
            request.input == .complete
            ? .idle(since: now)
            : .draining(left: limits.drainBytes, until: now + limits.drain)
        return nil
    }

    /// The response cannot be finished.
    mutating func breakResponse() -> Action { close(with: .cut) }

    /// No request may begin from now on; the one under way may finish.
    mutating func shutDown(at now: NIODeadline) -> Action? {
        isShuttingDown = true
        switch phase {
        case .idle where backlog.isEmpty, .head: return close(with: .close)
        case .draining: return linger(from: now)
        case .idle, .serving, .lingering, .closed: return nil
        }
    }
}

// MARK: What time does

extension ConnectionState {
    /// When ``ring(at:reader:sent:unsent:)`` must be called, if nothing happens before.
    var deadline: NIODeadline? {
        switch phase {
        case .idle(let since): since + limits.idle
        case .head(let since): since + limits.header
        case .serving(let request): request.deadline
        case .draining(_, let until), .lingering(let until): until
        case .closed: nil
        }
    }

    /// Time has passed; nothing happens where the deadline is still to come.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - reader: Since when somebody waits for bytes of the body.
    ///   - sent: How many bytes of the response's body the socket took, in pieces that it took whole.
    ///   - unsent: How many bytes of the response the client has not taken.
    /// - Returns: What must be done about it.
    mutating func ring(
        at now: NIODeadline,
        reader: NIODeadline?,
        sent: Int = 0,
        unsent: Int
    ) -> Action? {
        guard let deadline, deadline <= now else { return nil }
        switch phase {
        case .idle: return close(with: .close)
        case .head: return refuse(.headerTimeout, at: now)
        case .draining: return linger(from: now)
        case .lingering: return close(with: .cut)
        case .closed: return nil
        case .serving(var request):
            let action = request.check(at: now, reader: reader, sent: sent, unsent: unsent)
            if case .cut? = action { return close(with: .cut) }
            phase = .serving(request)
            return action
        }
    }
}
