import Logging
import NIOCore
import Synchronization

/// Counts a server's connections: lets no more in than it may have, and sees the last ones out.
final class ConnectionGate: Sendable {
    private struct State {
        var count = 0
        var wasFull = false
        var handlers: [ObjectIdentifier: NIOLoopBound<ConnectionHandler>] = [:]
        var isShuttingDown = false
        var whenEmpty: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let logger: Logger
    private let state = Mutex(State())

    init(limit: Int, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    /// How many connections are open.
    var count: Int { state.withLock { $0.count } }

    var isFull: Bool { state.withLock { $0.count >= limit } }
}

// MARK: Counting

extension ConnectionGate {
    /// A connection was accepted.
    func enter() {
        let becameFull = state.withLock { state in
            state.count += 1
            guard state.count >= limit, !state.wasFull else { return false }
            state.wasFull = true
            return true
        }
        if becameFull {
            logger.warning(
                "no more connections accepted until one closes",
                metadata: ["limit": "\(limit)"]
            )
        }
    }

    /// A connection closed.
    func leave() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.count -= 1
            // Half way down it is another flood that fills it again, and worth another word.
            if state.count <= limit / 2 { state.wasFull = false }
            guard state.count == 0 else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for waiter in waiters { waiter.resume() }
    }
}

// MARK: Seeing them out

extension ConnectionGate {
    /// A connection can be spoken to; where the server is shutting down, it is told so.
    func add(_ handler: ConnectionHandler, on loop: any EventLoop) {
        let bound = NIOLoopBound(handler, eventLoop: loop)
        let late = state.withLock { state in
            state.handlers[ObjectIdentifier(handler)] = bound
            return state.isShuttingDown
        }
        if late { loop.execute { bound.value.shutDown() } }
    }

    /// A connection can no longer be spoken to.
    func remove(_ handler: ConnectionHandler) {
        state.withLock { _ = $0.handlers.removeValue(forKey: ObjectIdentifier(handler)) }
    }

    /// Asks every connection to finish.
    func shutDown() {
        let handlers = state.withLock { state in
            state.isShuttingDown = true
            return Array(state.handlers.values)
        }
        for handler in handlers { handler.eventLoop.execute { handler.value.shutDown() } }
    }

    /// Cuts every connection that is left.
    func abandon() {
        let handlers = state.withLock { Array($0.handlers.values) }
        for handler in handlers { handler.eventLoop.execute { handler.value.abandon() } }
    }

    /// Waits until no connection is open.
    func waitUntilEmpty() async {
        await withCheckedContinuation { waiter in
            let isEmpty = state.withLock { state in
                if state.count > 0 { state.whenEmpty.append(waiter) }
                return state.count == 0
            }
            if isEmpty { waiter.resume() }
        }
    }
}

/// Stands in the listening channel: takes no connection from the kernel while the gate is full.
final class AcceptHandler: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private let gate: ConnectionGate
    private var isReadWithheld = false

    init(gate: ConnectionGate) { self.gate = gate }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        gate.enter()
        let gate = gate
        let here = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        channel.closeFuture.whenComplete { _ in
            gate.leave()
            loop.execute { here.value.0.resume(here.value.1) }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        isReadWithheld = gate.isFull
        if !isReadWithheld { context.read() }
    }

    private func resume(_ context: ChannelHandlerContext) {
        guard isReadWithheld, !gate.isFull, context.channel.isActive else { return }
        isReadWithheld = false
        context.read()
    }
}
