internal import Logging
internal import SQLite
import Synchronization

/// Removes the files on the garbage list, some time after nothing names them any more.
final class Sweeper: Sendable {
    private static let batch = 256
    private struct State {
        /// What sweeps in the background; `nil` where nothing does.
        var task: Task<Void, Never>?
        /// Whether files were put on the list since the last sweep began.
        var isWanted = false
        var isStopped = false
    }

    let pins = Pins()
    private let index: Index
    private let files: any FileSystem
    private let reserve: Reserve
    private let workers: WorkerPool
    private let rest: Duration
    private let logger: Logger
    private let state = Mutex(State())

    init(
        index: Index,
        files: any FileSystem,
        reserve: Reserve,
        workers: WorkerPool,
        rest: Duration,
        logger: Logger
    ) {
        self.index = index
        self.files = files
        self.reserve = reserve
        self.workers = workers
        self.rest = rest
        self.logger = logger
    }

    /// Sweeps soon, on a worker; where a sweep is going on, once more after it.
    func wake() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isWanted = true
            guard state.task == nil else { return }
            state.task = Task.detached(executorPreference: workers) {
                await self.sweepWhileWanted()
            }
        }
    }

    /// Lets nobody wake it any more, and waits until what is wanted by now has begun and ended soon.
    ///
    /// What is left on the list is found by the next start: a long list keeps nobody waiting, nor does a slow disk.
    func stop() async {
        let task = state.withLock { state in
            state.isStopped = true
            return state.task
        }
        task?.cancel()
        await task?.value
    }

    private func sweepWhileWanted() async {
        while true {
            if rest > .zero { try? await Task.sleep(for: rest) }
            guard takeWish(), rest == .zero || !Task.isCancelled else { return }
            do {
                try await sweep()
                try? reserve.hold()
            } catch {
                // The list is as it was: the next sweep finds the same files.
                logger.warning("Sweeping stopped: \(error)")
            }
        }
    }

    private func takeWish() -> Bool {
        state.withLock { state in
            defer { state.isWanted = false }
            if !state.isWanted { state.task = nil }
            return state.isWanted
        }
    }

    /// Removes every file on the list that no reader holds.
    func sweep() async throws {
        var last = ""
        repeat {
            let start = last
            let names = try index.read { try $0.garbage(after: start, limit: Self.batch) }
            guard let end = names.last else { return }
            last = end
            // Else the removal might be on the disk, and the commit that let go of the file not.
            try files.syncAll()
            let removed = names.filter { name in !pins.hold(name) && remove(name) }
            guard !removed.isEmpty else { continue }
            try await index.write(for: .freeing) { connection in
                for name in removed {
                    try connection.run("DELETE FROM garbage WHERE name = ?1", .text(name))
                }
            }
        } while !Task.isCancelled
    }

    private func remove(_ name: String) -> Bool {
        do {
            try files.remove(name, from: .blobs)
            return true
        } catch {
            logger.warning("A blob cannot be removed: \(error)", metadata: ["blob": "\(name)"])
            return false
        }
    }
}

extension StoreConfiguration {
    /// How long the sweeper rests before each sweep: where commits wait for no disk it has to, which is not for every commit.
    var restBeforeSweep: Duration {
        folder == nil || durability == .full ? .zero : .seconds(2)
    }
}

extension Connection {
    func garbage(after name: String, limit: Int) throws -> [String] {
        try all(
            "SELECT name FROM garbage WHERE name > ?1 ORDER BY name LIMIT ?2",
            .text(name),
            .integer(limit)
        ) { $0.text(0) }
    }
}
