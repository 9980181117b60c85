internal import Glibc
internal import Logging
internal import SQLite

/// Tidies up after whatever ended the last start, while the store serves already.
struct Recovery: Sendable {
    let index: Index
    let files: any FileSystem
    let health: Health
    let sweeper: Sweeper
    /// The number of this start.
    let start: Int64
    let logger: Logger

    /// Does all of it; what fails is logged, and tried again at the next start.
    func run(checkingIndex: Bool) async {
        do {
            if checkingIndex { try checkIndex() }
            try removeLeftOvers()
            try await sweeper.sweep()
        } catch {
            logger.error("Tidying up stopped: \(error)")
        }
    }

    /// After a start that was not stopped: finds a damaged index before anything is built on it.
    private func checkIndex() throws {
        let findings = try index.read { try $0.quickCheck() }
        if let first = findings.first {
            health.turnReadOnly(because: .index("the index is damaged: \(first)"))
        }
    }

    /// Removes the files of earlier starts that nothing names: uploads that were cut off.
    private func removeLeftOvers() throws {
        for name in try files.names(in: .staging) where isOld(name) {
            try files.remove(name, from: .staging)
        }
        var removed = 0
        let names = try files.names(in: .blobs)
        try setAside(names.filter { BlobNames.start(of: $0).map { $0 > start } ?? false })
        for name in names where isOld(name) {
            guard try !index.read({ try $0.knows(name) }) else { continue }
            try files.remove(name, from: .blobs)
            removed += 1
        }
        if removed > 0 { logger.info("Removed \(removed) blobs that nothing names") }
    }

    /// What a later start made is no left-over: the index was put back from a copy, and cannot know of it.
    private func setAside(_ names: [String]) throws {
        for name in names { try files.quarantine(name) }
        guard !names.isEmpty else { return }
        logger.error(
            """
            The index is older than \(names.count) of the blobs, which were moved to the quarantine. To have what they \
            hold, stop the daemon, move them back to blobs and run pail check --rebuild-index
            """
        )
    }

    /// Whether an earlier start made a file.
    private func isOld(_ name: String) -> Bool {
        BlobNames.start(of: name).map { $0 < start } ?? false
    }
}

/// A file that an earlier start may have left.
enum LeftOver {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size > 0
    }
}

extension Connection {
    /// Whether a blob of this name is in use, or is on the garbage list already.
    func knows(_ name: String) throws -> Bool {
        try first(
            """
            SELECT 1 FROM blobs WHERE name = ?1
            UNION ALL SELECT 1 FROM garbage WHERE name = ?1
            """,
            .text(name)
        ) { _ in true } ?? false
    }
}
