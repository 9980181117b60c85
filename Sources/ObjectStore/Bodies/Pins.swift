import Synchronization

/// The blob files that readers are in the middle of: those are not removed, though no object names them.
final class Pins: Sendable {
    private struct State {
        var counts: [String: Int] = [:]
        /// How many want all of them to stay.
        var holders = 0
        /// The sweeper came by for one of them.
        var isAwaited = false
    }

    private let state = Mutex(State())

    func add(_ names: [String]) {
        state.withLock { state in for name in names { state.counts[name, default: 0] += 1 } }
    }

    /// Lets go of files, and answers whether the sweeper should come again.
    func remove(_ names: [String]) -> Bool {
        state.withLock { state in
            for name in names {
                let left = state.counts[name, default: 1] - 1
                state.counts[name] = left == 0 ? nil : left
            }
            defer { state.isAwaited = false }
            return state.isAwaited
        }
    }

    /// Keeps every file.
    func addAll() { state.withLock { $0.holders += 1 } }

    /// Lets go of every file, and answers whether the sweeper should come again.
    func removeAll() -> Bool {
        state.withLock { state in
            state.holders -= 1
            guard state.holders == 0 else { return false }
            defer { state.isAwaited = false }
            return state.isAwaited
        }
    }

    /// Whether the file must stay for now; whoever lets go of it will tell the sweeper.
    func hold(_ name: String) -> Bool {
        state.withLock { state in
            guard state.holders > 0 || state.counts[name] != nil else { return false }
            state.isAwaited = true
            return true
        }
    }
}

/// Some blob files, kept for as long as this lives.
final class PinnedBlobs: Sendable {
    private let names: [String]
    private let sweeper: Sweeper

    init(_ names: [String], _ sweeper: Sweeper) {
        self.names = names
        self.sweeper = sweeper
        sweeper.pins.add(names)
    }

    deinit {
        if sweeper.pins.remove(names) { sweeper.wake() }
    }
}

/// All blob files, kept for as long as this lives.
final class HeldBlobs: Sendable {
    private let sweeper: Sweeper

    init(_ sweeper: Sweeper) {
        self.sweeper = sweeper
        sweeper.pins.addAll()
    }

    deinit {
        if sweeper.pins.removeAll() { sweeper.wake() }
    }
}
