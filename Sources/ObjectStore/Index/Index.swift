internal import Logging
internal import S3Protocol
internal import SQLite
import Synchronization

/// An index in memory of which nothing is changed: what others are copied from.
enum MemoryIndex {
    /// The newest schema with nothing in it; copying it is ten times as fast as making it.
    static let empty = Result {
        let connection = try LockedConnection(":memory:", access: .readWrite)
        try connection.use { try Schema.migrate($0) }
        return connection
    }
}

/// The index: every bucket, object, upload, account and key, in one SQLite database.
///
/// One connection writes and checkpoints, and no other ever does either; see docs/on-disk.md.
final class Index: Sendable {
    private enum Readers: Sendable {
        case pool(ReaderPool)
        /// A database in memory has one connection for everything.
        case shared(LockedConnection)
    }

    let writer: LockedConnection
    private let commits: GroupCommit
    private let readers: Readers
    private let recent: RecentReads
    let health: Health
    private let reserve: Reserve?

    /// Opens an index in a file, or in memory where `path` is `nil`, and brings its schema up to date.
    ///
    /// - Throws: ``StoreError/newerSchema(found:known:)`` or `SQLiteError`.
    convenience init(
        _ path: String?,
        durability: Durability,
        health: Health,
        reserve: Reserve?
    ) throws {
        guard let path else {
            try self.init(copying: try MemoryIndex.empty.get(), health: health, workers: nil)
            return
        }
        let writer = try LockedConnection(path, access: .readWrite)
        try writer.use { connection in
            try connection.run("PRAGMA journal_mode = WAL")
            try connection.run("PRAGMA synchronous = \(durability == .full ? "FULL" : "NORMAL")")
            try connection.run("PRAGMA cache_size = -32768")
            try connection.run("PRAGMA temp_store = MEMORY")
            try Schema.migrate(connection)
        }
        let recent = RecentReads()
        self.init(
            writer,
            GroupCommit(writer, reserve: reserve, forgetting: recent),
            .pool(ReaderPool(path)),
            recent,
            health,
            reserve
        )
    }

    /// Opens an index in memory that holds what another did when it was copied.
    ///
    /// - Parameters:
    ///   - image: The copy, which stays as it is.
    ///   - health: What refuses writes.
    ///   - workers: Threads to commit on, shared with others; `nil` for one of its own.
    /// - Throws: `SQLiteError`.
    convenience init(
        copying image: LockedConnection,
        health: Health,
        workers: WorkerPool?
    ) throws {
        let writer = try image.use { try LockedConnection(copying: $0) }
        try writer.use { try $0.run("PRAGMA temp_store = MEMORY") }
        let recent = RecentReads()
        let commits = GroupCommit(
            writer,
            forgetting: recent,
            on: workers ?? WorkerPool(threads: 1)
        )
        self.init(writer, commits, .shared(writer), recent, health, nil)
    }

    private init(
        _ writer: LockedConnection,
        _ commits: GroupCommit,
        _ readers: Readers,
        _ recent: RecentReads,
        _ health: Health,
        _ reserve: Reserve?
    ) {
        self.writer = writer
        self.commits = commits
        self.readers = readers
        self.recent = recent
        self.health = health
        self.reserve = reserve
    }

    /// Reads, on the calling thread.
    func read<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        switch readers {
        case .pool(let pool): try pool.use(body)
        case .shared(let connection): try connection.use(body)
        }
    }

    /// A version of an object, which may be a delete marker, or `nil` where there is none.
    func version(
        _ version: ObjectVersion,
        of key: String,
        in bucketID: Int64
    ) throws -> StoredObject? {
        guard version == .latest else {
            return try read { try $0.version(version, of: key, in: bucketID) }
        }
        return try recent.latest(key, in: bucketID) {
            try read { try $0.version(.latest, of: key, in: bucketID) }
        }
    }

    /// A blob, or `nil` where there is none.
    func blob(_ id: Int64) throws -> Blob? {
        try recent.blob(id) { try read { try $0.blob(id) } }
    }

    /// Reads more than once, all at one moment.
    func readTogether<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        try read { connection in try connection.snapshot { try body(connection) } }
    }

    /// Writes; what is written is committed when this returns, as durably as was asked for.
    ///
    /// - Parameters:
    ///   - purpose: Whether it must succeed on a full disk.
    ///   - file: What the changes name. It stays where they are committed, and where nobody knows whether they are: a start
    ///     removes it if it is not named. Else it goes at once.
    ///   - body: What to write; see ``GroupCommit/write(for:_:committed:)``.
    ///   - committed: Called after the commit and before this returns.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` throws; `ServiceUnavailable` where the disk is full or the store only reads;
    ///   ``CommitFailed`` where what happened is not known.
    func write<T: Sendable>(
        for purpose: WritePurpose = .adding,
        keeping file: StagedFile? = nil,
        _ body: @escaping @Sendable (Connection) throws -> T,
        committed: @escaping @Sendable (T) -> Void = { _ in }
    ) async throws -> T {
        do {
            try health.requireWritable()
            if purpose == .adding { try reserve?.hold() }
            let result = try await commits.write(for: purpose, body, committed: committed)
            file?.keep()
            return result
        } catch {
            let mayBeNamed = (error as? CommitFailed)?.mayHaveHappened ?? false
            if mayBeNamed { file?.keep() } else { file?.discard() }
            throw health.judge(error)
        }
    }

    /// Has a function called after each commit that put files onto the garbage list.
    func whenFilesReleased(_ action: @escaping @Sendable () -> Void) {
        commits.whenFilesReleased(action)
    }

    /// Writes what makes room on the disk, and what goes with that, such as what is told of it.
    ///
    /// On a full disk only what makes room is written: what goes with it would take the room that is held back, and
    /// then nothing could be deleted any more.
    ///
    /// - Parameters:
    ///   - body: What to write. It is told whether it may add anything.
    ///   - committed: As for ``write(for:_:committed:)``.
    /// - Returns: What `body` returned.
    /// - Throws: As ``write(for:_:committed:)``.
    func writeMakingRoom<T: Sendable>(
        _ body: @escaping @Sendable (Connection, _ mayAdd: Bool) throws -> T,
        committed: @escaping @Sendable (T) -> Void = { _ in }
    ) async throws -> T {
        do {
            return try await write({ try body($0, true) }, committed: committed)
        } catch let error as S3Error where error.code == .serviceUnavailable {
            // Where it is not for its being full, this is refused too.
            return try await write(for: .freeing, { try body($0, false) }, committed: committed)
        }
    }

    /// Waits for the last commit and closes the file, with nothing left in its write-ahead log.
    func close() async {
        _ = try? await commits.write(for: .freeing) { _ in }
        if case .pool(let pool) = readers { pool.close() }
        // The last to close: only this connection may fold the log into the database.
        writer.close()
    }
}
