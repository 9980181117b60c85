internal import Glibc
internal import Logging
internal import SQLite
import Synchronization

/// What a check is to do beside looking.
public struct CheckOptions: Sendable, Hashable {
    /// Whether to move bad files to the quarantine, and to note in the index what is bad.
    ///
    /// Nothing is deleted.
    public var repairs: Bool

    /// Says what to do.
    public init(repairs: Bool = false) { self.repairs = repairs }
}

extension Store {
    /// Compares everything: the index with itself, every blob with the index and with its own record, and the folder
    /// with the index.
    ///
    /// It can run while the store is used.
    ///
    /// - Parameters:
    ///   - options: What to do beside looking.
    ///   - progress: Told how far it is, often.
    /// - Returns: What was found.
    /// - Throws: `CancellationError`; ``IOError`` where the system fails what says nothing of the store, such as too
    ///   many open files; with repairs, `ServiceUnavailable` where nothing can be written.
    public func check(
        _ options: CheckOptions = CheckOptions(),
        progress: @escaping @Sendable (WorkProgress) -> Void = { _ in }
    ) async throws -> CheckReport {
        try await withTaskExecutorPreference(workers) {
            var check = StoreCheck(store: self, options: options, progress: progress)
            return try await check.run()
        }
    }
}

/// A check under way.
private struct StoreCheck {
    let store: Store
    let options: CheckOptions
    let progress: @Sendable (WorkProgress) -> Void
    var report = CheckReport()

    mutating func run() async throws -> CheckReport {
        progress(WorkProgress("index"))
        // Names first: what is written meanwhile is no finding.
        let names = try store.files.names(in: .blobs)
        try await checkIndex()
        do {
            try await checkBlobs()
            try await checkNames(names)
        } catch let error as SQLiteError where error.isCorruption {
            // What lies behind the damage cannot be asked about.
            report.add(
                Finding(.index, detail: "the blobs cannot all be asked for: \(error.message)")
            )
        }
        return report
    }

    // MARK: The index

    private mutating func checkIndex() async throws {
        do {
            let findings = try store.index.readTogether { try $0.integrityFindings() }
            for finding in findings { report.add(finding) }
            guard findings.isEmpty else { return }
            for wrong in try store.index.read({ try $0.wrongCounts() }) {
                try await repair(wrong)
            }
        } catch let error as SQLiteError where error.isCorruption {
            report.add(Finding(.index, detail: error.message))
        }
    }

    private mutating func repair(_ wrong: WrongCount) async throws {
        var finding = Finding(
            .index,
            blob: "row \(wrong.blob)",
            detail: "it has \(wrong.counted) users, and the index has noted \(wrong.noted)"
        )
        if options.repairs {
            try await store.index.write { try $0.recount(wrong.blob) }
            finding.remedy = "counted anew"
        }
        report.add(finding)
    }

    // MARK: Blobs

    private mutating func checkBlobs() async throws {
        let counter = ByteCounter(total: try store.index.read { try $0.totalBlobSize() }, progress)
        var pace = Pace(tell: counter.add)
        var report = report
        defer { self.report = report }
        try await BlobPass(store: store).run(pace: &pace) { [store, options] blob, verdict in
            report.blobs += 1
            if verdict == .locked { report.locked += 1 } else { report.bytes += blob.size }
            guard var finding = try Self.finding(verdict, blob, store, report) else { return }
            if options.repairs { finding.remedy = try await store.repair(blob, verdict) }
            report.add(finding)
        }
    }

    private static func finding(
        _ verdict: BlobCheck.Verdict,
        _ blob: Blob,
        _ store: Store,
        _ report: CheckReport
    ) throws -> Finding? {
        let found: (kind: Finding.Kind, detail: String)
        switch verdict {
        case .sound:
            guard blob.damage != nil else { return nil }
            found = (.sound, "it is as it was written, and was found damaged before")
        case .locked: return nil
        case .missing:
            found = (.missing, blob.damage.map { "set aside: \($0)" } ?? "it is not there")
        case .damaged(let what): found = (.damaged, what)
        }
        let objects = report.hasRoom ? try store.index.read { try $0.users(ofBlob: blob.id) } : []
        return Finding(found.kind, blob: blob.words, detail: found.detail, objects: objects)
    }

    // MARK: The folder

    private mutating func checkNames(_ names: [String]) async throws {
        progress(WorkProgress("names"))
        for name in names where !name.hasPrefix(store.names.prefix) {
            try Task.checkCancellation()
            guard try !store.index.read({ try $0.knows(name) }), try store.hasBlob(name) else {
                continue
            }
            var finding = Finding(.unnamed, blob: name, detail: "nothing names it")
            if options.repairs {
                try store.files.quarantine(name)
                finding.remedy = "moved to the quarantine"
            }
            report.add(finding)
        }
    }
}

/// Adds up what was read, and tells of it.
private final class ByteCounter: Sendable {
    private let done = Atomic<Int64>(0)
    private let total: Int64
    private let progress: @Sendable (WorkProgress) -> Void

    init(total: Int64, _ progress: @escaping @Sendable (WorkProgress) -> Void) {
        self.total = total
        self.progress = progress
    }

    @Sendable func add(_ bytes: Int) {
        let done = done.wrappingAdd(Int64(bytes), ordering: .relaxed).newValue
        progress(WorkProgress("blobs", done: done, total: max(total, done)))
    }
}

extension Blob {
    /// What people find it by.
    var words: String { fileName ?? "row \(id)" }
}

extension Store {
    /// Whether a file is there: one that nothing names any more may have been removed a moment ago.
    fileprivate func hasBlob(_ name: String) throws -> Bool {
        do throws(IOError) {
            _ = try files.open(name)
            return true
        } catch {
            guard error.errno == ENOENT else { throw error }
            return false
        }
    }

    /// Notes what is bad and takes it out of the way, or notes that it is good again.
    ///
    /// - Returns: What was done, in words.
    fileprivate func repair(_ blob: Blob, _ verdict: BlobCheck.Verdict) async throws -> String? {
        switch verdict {
        case .locked: return nil
        case .sound:
            try await index.write { try $0.setDamage(nil, ofBlob: blob.id) }
            return "can be read again"
        case .missing:
            try await index.write { connection in
                try connection.setDamage(blob.damage ?? "its file is missing", ofBlob: blob.id)
            }
            return "reads of it fail with an error from now on"
        case .damaged(let what):
            // The note first: whoever reads after the move is told why.
            try await index.write { try $0.setDamage(what, ofBlob: blob.id) }
            guard let name = blob.fileName else {
                return "reads of it fail with an error from now on"
            }
            try files.quarantine(name)
            return "moved to the quarantine; reads of it fail with an error from now on"
        }
    }
}

extension Connection {
    /// How many bytes all blobs have together.
    fileprivate func totalBlobSize() throws -> Int64 {
        try first("SELECT coalesce(sum(size), 0) FROM blobs") { $0.integer(0) } ?? 0
    }
}
