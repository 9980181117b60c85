internal import ObjectStore
import Synchronization

/// The calls whose answers are on their way, and which are recorded when those have arrived.
///
/// A client has its answer a moment before the server knows that it has: whoever counts calls then must wait for that moment.
final class PendingCalls: Sendable {
    private struct State {
        var last: UInt64 = 0
        var numbers: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let bell = Bell()

    /// Begins with a call, and answers its number.
    func begin() -> UInt64 {
        state.withLock { state in
            state.last += 1
            state.numbers.insert(state.last)
            return state.last
        }
    }

    /// Ends with a call.
    func end(_ number: UInt64) {
        let wasThere = state.withLock { $0.numbers.remove(number) != nil }
        if wasThere { bell.ring() }
    }

    /// The numbers of the calls that are on their way now.
    var numbers: Set<UInt64> { state.withLock { $0.numbers } }

    /// Waits until some calls are over.
    func wait(for waiting: Set<UInt64>, atMost time: Duration) async {
        let end = ContinuousClock.now + time
        while !waiting.isEmpty {
            let seen = bell.rings
            let left = end - .now
            guard left > .zero, !numbers.isDisjoint(with: waiting), !Task.isCancelled else {
                return
            }
            await bell.wait(after: seen, atMost: left)
        }
    }
}

extension Recorder {
    /// Waits until every call is kept whose answer has arrived; no longer than a second for one that is still on its way.
    public func settle() async { await pending.wait(for: pending.numbers, atMost: .seconds(1)) }
}
