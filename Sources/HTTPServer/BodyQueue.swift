import HTTPMessage
import NIOCore
import Synchronization

/// The bytes of a request's body between the event loop, which brings them, and one reader, which
/// may be on any thread.
///
/// It holds a bounded number of them: ``append(_:)`` tells the loop when to stop reading from the
/// socket, and `signal` when to go on.
final class BodyQueue: Sendable {
    /// What a reader tells the connection.
    enum Signal: Hashable {
        /// The body was asked for, for the first time.
        case asked
        /// There is room again.
        case emptied
    }

    private typealias Waiter = CheckedContinuation<ByteBuffer?, any Error>

    private struct State {
        var pieces = PieceQueue()
        /// How many bytes the reader has and works on: they are in memory until it asks for more.
        var lent = 0
        var isFull = false
        var wasAsked = false
        var end: End?
        var waiter: Waiter?
        var waitingSince: NIODeadline?
        var isCancelled = false

        /// Whether the body is asked for for the first time.
        mutating func ask() -> Bool {
            defer { wasAsked = true }
            return !wasAsked
        }

        mutating func takeWaiter() -> Waiter? {
            waitingSince = nil
            return waiter.take()
        }
    }

    private enum End {
        case complete
        case failed(HTTPBodyError)
    }

    private let state = Mutex(State())
    private let limits: HTTPLimits
    private let budget: BodyBudget
    private let signal: @Sendable (Signal) -> Void

    /// An empty queue; `signal` is called on the reader's thread.
    init(
        limits: HTTPLimits,
        budget: BodyBudget,
        signal: @escaping @Sendable (Signal) -> Void
    ) {
        self.limits = limits
        self.budget = budget
        self.signal = signal
        budget.bodyBegan()
    }

    deinit {
        budget.give(state.withLock { $0.pieces.bytes + $0.lent })
        budget.bodyEnded()
    }
}

// MARK: The connection's side

extension BodyQueue {
    /// Since when the reader waits for bytes, if it does.
    var waitingSince: NIODeadline? { state.withLock { $0.waitingSince } }

    /// Adds bytes; returns whether no more should be brought before ``Signal/emptied``.
    func append(_ bytes: ByteBuffer) -> Bool {
        let (isFull, waiter) = state.withLock { state -> (Bool, Waiter?) in
            guard state.end == nil, bytes.readableBytes > 0 else { return (false, nil) }
            budget.take(bytes.readableBytes)
            if let waiter = state.takeWaiter() {
                state.lent = bytes.readableBytes
                return (false, waiter)
            }
            state.pieces.append(bytes)
            let bound = budget.isExhausted ? limits.bodyFloor : limits.bodyHighWatermark
            // What was full stays so until the reader made room: only that wakes the connection.
            if state.pieces.bytes >= bound { state.isFull = true }
            return (state.isFull, nil)
        }
        waiter?.resume(returning: bytes)
        return isFull
    }

    /// All of the body was appended.
    func finish() { end(.complete)?.resume(returning: nil) }

    /// The rest of the body will not come.
    ///
    /// What was appended can no longer be read either: the reader would only find out later.
    func fail(_ error: HTTPBodyError) { end(.failed(error))?.resume(throwing: error) }

    private func end(_ end: End) -> Waiter? {
        state.withLock { state -> Waiter? in
            guard state.end == nil else { return nil }
            state.end = end
            if case .failed = end { budget.give(state.pieces.removeAll()) }
            return state.takeWaiter()
        }
    }
}

// MARK: The reader's side

extension BodyQueue {
    /// The next bytes, all that are there as one piece where that is cheap; `nil` at the end.
    func next() async throws -> ByteBuffer? {
        if state.withLock({ $0.ask() }) { signal(.asked) }
        if let ready = state.withLock({ takeReady(from: &$0) }) { return try settle(ready) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait($0) }
        } onCancel: {
            state.withLock { state in
                state.isCancelled = true
                return state.takeWaiter()
            }?.resume(throwing: HTTPBodyError.connectionClosed)
        }
    }

    /// What the reader gets without waiting.
    private enum Ready {
        case bytes(ByteBuffer, hasRoom: Bool)
        case end
        case failed(HTTPBodyError)
    }

    private func takeReady(from state: inout State) -> Ready? {
        budget.give(state.lent)
        state.lent = 0
        if state.isCancelled { return .failed(.connectionClosed) }
        if case .failed(let error)? = state.end { return .failed(error) }
        guard let bytes = state.pieces.popFirst() else { return state.end == nil ? nil : .end }
        state.lent = bytes.readableBytes
        let low = budget.isExhausted ? limits.bodyFloor / 2 : limits.bodyLowWatermark
        let hasRoom = state.isFull && state.pieces.bytes <= low
        if hasRoom { state.isFull = false }
        return .bytes(bytes, hasRoom: hasRoom)
    }

    private func settle(_ ready: Ready) throws -> ByteBuffer? {
        switch ready {
        case .bytes(let bytes, let hasRoom):
            if hasRoom { signal(.emptied) }
            return bytes
        case .end: return nil
        case .failed(let error): throw error
        }
    }

    /// Makes `waiter` wait, unless something came since the reader looked.
    private func wait(_ waiter: Waiter) {
        let ready = state.withLock { state -> Ready? in
            if let ready = takeReady(from: &state) { return ready }
            precondition(state.waiter == nil, "a body has one reader")
            state.waiter = waiter
            state.waitingSince = .now()
            return nil
        }
        if let ready { waiter.resume(with: Result { try settle(ready) }) }
    }
}

/// Pieces of a body in order, small ones joined.
private struct PieceQueue {
    /// Pieces at least this long are handed over as they are; copying shorter ones together costs
    /// less than waking the reader for each.
    private static let large = 64 * 1024

    private var pieces = CircularBuffer<ByteBuffer>()
    /// How many bytes there are.
    private(set) var bytes = 0
    /// Whether the last piece is our own, so that it can be written to.
    private var lastIsOwn = false

    /// Adds a piece.
    ///
    /// A small one is copied, so that it does not keep the large buffer alive that it came in.
    mutating func append(_ piece: ByteBuffer) {
        bytes += piece.readableBytes
        if piece.readableBytes >= Self.large {
            pieces.append(piece)
            lastIsOwn = false
            return
        }
        var piece = piece
        if lastIsOwn, let index = pieces.indices.last, pieces[index].readableBytes < Self.large {
            pieces[index].writeBuffer(&piece)
        } else {
            pieces.append(ByteBuffer(buffer: piece))
            lastIsOwn = true
        }
    }

    mutating func popFirst() -> ByteBuffer? {
        guard let piece = pieces.popFirst() else { return nil }
        bytes -= piece.readableBytes
        if pieces.isEmpty { lastIsOwn = false }
        return piece
    }

    /// Drops everything and returns how many bytes that was.
    mutating func removeAll() -> Int {
        defer { self = PieceQueue() }
        return bytes
    }
}
