internal import Logging
internal import SQLite
import Synchronization

/// Removes the files on the garbage list, some time after nothing names them any more.
final class Sweeper: Sendable {
    private static let batch = 256

    let pins = Pins()
    private let index: Index
    private let files: any FileSystem
    private let reserve: Reserve
    private let workers: WorkerPool
    private let logger: Logger
    private let isWoken = Atomic(false)

    init(
        index: Index,
        files: any FileSystem,
        reserve: Reserve,
        workers: WorkerPool,
        logger: Logger
    ) {
        self.index = index
        self.files = files
        self.reserve = reserve
        self.workers = workers
        self.logger = logger
    }

    /// Sweeps soon, on a worker.
    ///
    /// Waking it twice before it begins is waking it once.
    func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        Task.detached(executorPreference: workers) {
            self.isWoken.store(false, ordering: .releasing)
            do {
                try await self.sweep()
                try? self.reserve.hold()
            } catch {
                // The list is as it was: the next sweep finds the same files.
                self.logger.warning("Sweeping stopped: \(error)")
            }
        }
    }

    /// Removes every file on the list that no reader holds.
    func sweep() async throws {
        var last = ""
        while true {
            let start = last
            let names = try index.read { try $0.garbage(after: start, limit: Self.batch) }
            guard let end = names.last else { return }
            last = end
            let removed = names.filter { name in !pins.hold(name) && remove(name) }
            guard !removed.isEmpty else { continue }
            try await index.write(for: .freeing) { connection in
                for name in removed {
                    try connection.run("DELETE FROM garbage WHERE name = ?1", .text(name))
                }
            }
        }
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

extension Connection {
    func garbage(after name: String, limit: Int) throws -> [String] {
        try all(
            "SELECT name FROM garbage WHERE name > ?1 ORDER BY name LIMIT ?2",
            .text(name),
            .integer(limit)
        ) { $0.text(0) }
    }
}
