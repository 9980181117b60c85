internal import ObjectStore
import Synchronization

/// Keeps what was asked and answered, while it is on.
public final class Recorder: Sendable {
    /// How many calls are kept where nobody says how many: the oldest goes for the newest.
    public static let usualLimit = 10_000
    /// The most that may be kept: with it, some 200 MiB.
    public static let maximumLimit = 100_000
    /// The longest that anybody may wait for a call.
    public static let longestWait = Duration.seconds(60)

    private struct State {
        var calls: [RecordedCall] = []
        /// Where the oldest is, once there are as many as may be kept.
        var oldest = 0
        var limit = Recorder.usualLimit
        var last = 0

        /// The calls with greater numbers, the oldest first.
        func calls(after number: Int) -> [RecordedCall] {
            // Numbers follow each other, up to the last.
            let before = last - calls.count
            let start = oldest + min(max(number, before), last) - before
            guard start >= calls.count else { return Array(calls[start...] + calls[..<oldest]) }
            return Array(calls[(start - calls.count)..<oldest])
        }
    }

    private let isRecording = Atomic<Bool>(false)
    private let state = Mutex(State())
    private let bell = Bell()
    let pending = PendingCalls()

    /// A recorder that is off and empty.
    public init() {}

    /// Whether calls are kept: one atomic load.
    public var isOn: Bool { isRecording.load(ordering: .relaxed) }

    /// How many calls are kept at most.
    public var limit: Int { state.withLock { $0.limit } }

    /// How many are kept.
    public var count: Int { state.withLock { $0.calls.count } }

    /// Keeps calls from now on.
    ///
    /// - Parameter limit: how many at most, from 1 to ``maximumLimit``; `nil` for as many as before. Another
    ///   limit than before forgets what there is.
    public func turnOn(limit: Int? = nil) {
        state.withLock { state in
            let wanted = min(max(limit ?? state.limit, 1), Self.maximumLimit)
            if wanted != state.limit { state = State(limit: wanted, last: state.last) }
        }
        isRecording.store(true, ordering: .relaxed)
    }

    /// Keeps no more calls; those that are kept stay.
    public func turnOff() { isRecording.store(false, ordering: .relaxed) }

    /// Forgets all calls; their numbers are not given again.
    public func clear() {
        state.withLock { $0 = State(limit: $0.limit, last: $0.last) }
    }

    /// The calls that are meant, the oldest first.
    public func calls(_ filter: CallFilter = CallFilter()) -> [RecordedCall] { look(filter).calls }

    /// The calls that are meant, and the number of the last that was looked at.
    ///
    /// Calls are added by threads that serve sockets, which wait for the copying alone.
    private func look(_ filter: CallFilter) -> (calls: [RecordedCall], last: Int) {
        let (calls, last) = state.withLock { state in
            (state.calls(after: filter.after ?? 0), state.last)
        }
        return (calls.filter(filter.matcher), last)
    }

    /// Waits until so many calls that are meant are there.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - filter: Which are meant.
    ///   - time: How long to wait at most, and no longer than ``longestWait``.
    /// - Returns: Those that are there, fewer than `count` where the time is over.
    public func waitForCalls(
        _ count: Int,
        _ filter: CallFilter = CallFilter(),
        atMost time: Duration
    ) async -> [RecordedCall] {
        let end = ContinuousClock.now + min(time, Self.longestWait)
        // Each call is looked at once, however many others come while this waits.
        var (newer, found) = (filter, 0)
        while true {
            let seen = bell.rings
            let (new, last) = look(newer)
            found += new.count
            newer.after = max(filter.after ?? 0, last)
            let left = end - .now
            let isOver = left <= .zero || Task.isCancelled || bell.isClosed
            if isOver || found >= count {
                // Some may have made room for newer ones, or were forgotten.
                let calls = calls(filter)
                if isOver || calls.count >= count { return calls }
                found = calls.count
            }
            await bell.wait(after: seen, atMost: left)
        }
    }

    /// Ends all waiting, now and from now on.
    public func stopWaiting() { bell.close() }

    /// Keeps a call.
    func add(_ call: RecordedCall) {
        state.withLock { state in
            var call = call
            state.last += 1
            call.number = state.last
            if state.calls.count < state.limit {
                state.calls.append(call)
            } else {
                state.calls[state.oldest] = call
                state.oldest = (state.oldest + 1) % state.limit
            }
        }
        bell.ring()
    }
}
