import Synchronization

/// Wakes whoever waits for something that happens again and again.
///
/// A ring between reading ``rings`` and waiting is not missed, as the number that was read is waited beyond.
package final class Bell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var isClosed = false
        var tickets: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A bell that has not rung yet.
    package init() {}

    /// How often it rang.
    package var rings: UInt64 { state.withLock { $0.rings } }

    /// Whether nobody may wait any more.
    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Wakes everybody.
    package func ring() { wakeAll { $0.rings &+= 1 } }

    /// Wakes everybody, and lets nobody wait any more.
    package func close() { wakeAll { $0.isClosed = true } }

    /// Waits for a ring beyond those that were counted, at most so long.
    package func wait(after seen: UInt64, atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await self.wait(after: seen) }
            tasks.addTask { try? await Task.sleep(for: duration) }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    private func wait(after seen: UInt64) async {
        let ticket = state.withLock { state in
            state.tickets &+= 1
            return state.tickets
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard state.rings == seen, !state.isClosed else { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isOver { continuation.resume() }
                // It may have been cancelled before there was anything to take back.
                if Task.isCancelled { giveUp(ticket) }
            }
        } onCancel: {
            giveUp(ticket)
        }
    }

    private func giveUp(_ ticket: UInt64) {
        state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume()
    }

    private func wakeAll(_ change: (inout State) -> Void) {
        let woken = state.withLock { state in
            change(&state)
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in woken { continuation.resume() }
    }
}
