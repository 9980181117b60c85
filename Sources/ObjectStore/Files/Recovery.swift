internal import Glibc
internal import Logging
internal import SQLite

/// Tidies up after whatever ended the last start, while the store serves already.
struct Recovery: Sendable {
    let index: Index
    let files: any FileSystem
    let health: Health
    let sweeper: Sweeper
    /// What the names of this start begin with.
    let names: BlobNames
    let logger: Logger

    /// Does all of it; what fails is logged, and tried again at the next start.
    func run(checkingIndex: Bool) async {
        do {
            if checkingIndex { try checkIndex() }
            try removeLeftOvers()
            if try index.read({ try $0.copiedDuringStart() }) != nil {
                try await index.write(for: .freeing) { try $0.forgetCopy() }
            }
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
        for name in try files.names(in: .staging) where !name.hasPrefix(names.prefix) {
            try files.remove(name, from: .staging)
        }
        var removed = 0
        var setAside = 0
        let copied = try index.read { try $0.copiedDuringStart() } ?? .max
        for name in try files.names(in: .blobs) where !name.hasPrefix(names.prefix) {
            guard let start = BlobNames.start(of: name),
                try !index.read({ try $0.knows(name) })
            else { continue }
            // What was written after the index was copied is no left-over: the copy cannot know of it.
            if start >= min(names.start, copied) {
                try files.quarantine(name)
                setAside += 1
            } else {
                try files.remove(name, from: .blobs)
                removed += 1
            }
        }
        if removed > 0 { logger.info("Removed \(removed) blobs that nothing names") }
        if setAside > 0 { tell(ofSetAside: setAside) }
    }

    private func tell(ofSetAside count: Int) {
        logger.error(
            """
            The index is older than \(count) of the blobs, which were moved to the quarantine. To have what they \
            hold, stop the daemon, move them back to blobs and run pail check --rebuild-index
            """
        )
    }
}

/// A file that an earlier start may have left.
enum LeftOver {
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size > 0
    }

    /// Fails where an index is missing that there must be: one made anew would take all blobs for left-overs, and an
    /// unfinished one that of an empty store would hide what there is.
    ///
    /// - Throws: ``StoreError/indexLost(_:)``.
    static func requireIndex(_ path: String, files: any FileSystem) throws {
        let isMissing =
            try exists("\(path).rebuilt")
            || (!exists(path)
                && (exists("\(path).unfinished") || !files.names(in: .blobs).isEmpty))
        if isMissing { throw StoreError.indexLost(String(path.dropLast("/index.db".count))) }
    }
}

extension Connection {
    /// The start during which the index was copied by a backup; `nil` where it is the store's own.
    func copiedDuringStart() throws -> Int64? {
        try first("SELECT value FROM counters WHERE name = 'copied'") { $0.integer(0) }
    }

    /// Notes in a copy of an index which start it was made during.
    func noteCopy() throws {
        try run(
            """
            INSERT OR REPLACE INTO counters
            SELECT 'copied', value FROM counters WHERE name = 'starts'
            """
        )
    }

    /// The index is the store's own from now on.
    fileprivate func forgetCopy() throws { try run("DELETE FROM counters WHERE name = 'copied'") }
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
