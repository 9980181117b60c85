internal import Digests
internal import Glibc
internal import S3Protocol
internal import SQLite

/// Makes the index of a data folder anew, from what can still be read of it and from what the blobs say about themselves.
///
/// The old one is kept beside it under another name, and blobs that have no place in the new one are moved to the
/// quarantine: nothing is deleted.
public struct IndexRebuild: Sendable {
    /// What the folder is opened with; it must have a folder.
    public var configuration: StoreConfiguration
    /// The region of buckets that have to be made anew.
    public var region: String
    /// The settings of buckets that have to be made anew: a policy that is lost must not leave one open.
    public var bucketSettings: [String: [UInt8]]

    /// Describes what is to be rebuilt.
    public init(
        _ configuration: StoreConfiguration,
        region: String,
        bucketSettings: [String: [UInt8]] = [:]
    ) {
        self.configuration = configuration
        self.region = region
        self.bucketSettings = bucketSettings
    }

    private static let unfinished = "index.db.unfinished"
    /// Its name once it is whole: what is left to do then is to put it in its place.
    private static let rebuilt = "index.db.rebuilt"

    /// Rebuilds.
    ///
    /// Whatever interrupts it, it can be run again.
    ///
    /// - Parameter progress: Told how far it is, often.
    /// - Returns: What was made of what.
    /// - Throws: ``StoreError/folderInUse(_:)`` where a daemon has the folder; ``IOError``, `SQLiteError`.
    public func run(
        progress: @Sendable (WorkProgress) -> Void = { _ in }
    ) throws -> RebuildReport {
        guard let folder = configuration.folder else { throw BackupError.inMemory }
        let files = try DiskFileSystem(folder, syncs: true)
        defer { files.close() }
        var report = RebuildReport()
        let whole = "\(folder)/\(Self.rebuilt)"
        if LeftOver.exists(whole) {
            report.wasInterrupted = true
        } else {
            let path = "\(folder)/\(Self.unfinished)"
            for suffix in ["", "-journal", "-wal", "-shm"] { unsafe unlink(path + suffix) }
            try fill(path, from: folder, files, &report, progress)
            unsafe chmod(path, 0o600)
            try IOError.check("rename") { unsafe rename(path, whole) }
            try Self.sync(folder)
        }
        report.oldIndex = try Self.exchange(whole, in: folder, at: configuration.time.now())
        return report
    }

    private static func sync(_ folder: String) throws(IOError) {
        let root = try Descriptor(folder, O_RDONLY | O_DIRECTORY)
        let number = root.number
        try IOError.check("fsync") { fsync(number) }
    }

    private func fill(
        _ path: String,
        from folder: String,
        _ files: DiskFileSystem,
        _ report: inout RebuildReport,
        _ progress: (WorkProgress) -> Void
    ) throws {
        let connection = try Connection(path)
        try Schema.migrate(connection)
        try connection.run("BEGIN IMMEDIATE")
        progress(WorkProgress("old index"))
        let salvage = try Salvage(into: connection)
        try salvage.run(from: "\(folder)/index.db", &report)
        try connection.makeRootAccount(
            number: configuration.rootAccountNumber,
            canonicalID: Hex.encode(HashFunction.hash(.sha256, configuration.random.bytes(32)))
        )
        let blobs = try FoundBlobs(files, knownTo: connection, progress)
        var rows = try RebuiltRows(
            connection,
            region: region,
            settings: bucketSettings,
            random: configuration.random
        )
        let unused = try rows.insert(blobs)
        report.rebuiltVersions = rows.versions
        report.rebuiltBuckets = rows.madeBuckets.sorted()
        try connection.raise("starts", to: blobs.latestStart + 1)
        if try blobs.needsMasterKey || files.readMasterKey() != nil {
            try connection.raise("master_keys", to: 1)
        }
        try connection.run("COMMIT")
        for finding in unused {
            var finding = finding
            if let name = finding.blob { try files.quarantine(name) }
            finding.remedy = "moved to the quarantine"
            report.setAside.append(finding)
        }
    }

    /// Puts the new index in the place of the old one.
    private static func exchange(
        _ path: String,
        in folder: String,
        at now: Timestamp
    ) throws -> String? {
        let index = "\(folder)/index.db"
        let old = "index-\(now.milliseconds).db"
        var kept: String?
        if LeftOver.exists(index) {
            kept = old
            for suffix in ["-wal", "-shm", ""] {
                if unsafe rename(index + suffix, "\(folder)/\(old)\(suffix)") != 0, errno != ENOENT
                {
                    throw IOError(errno: errno, call: "rename")
                }
            }
        } else {
            // A log without its database says nothing, and would be read with the new one.
            for suffix in ["-wal", "-shm"] {
                if LeftOver.exists(index + suffix) {
                    unsafe rename(index + suffix, "\(folder)/\(old)\(suffix)")
                } else {
                    unsafe unlink(index + suffix)
                }
            }
        }
        try sync(folder)
        try IOError.check("rename") { unsafe rename(path, index) }
        try sync(folder)
        return kept
    }
}

extension Connection {
    /// Lets a counter be at least so much.
    fileprivate func raise(_ counter: String, to value: Int64) throws {
        try run(
            "UPDATE counters SET value = max(value, ?2) WHERE name = ?1",
            .text(counter),
            .integer(value)
        )
    }
}
