public import Digests
internal import Logging
internal import NIOCore
public import S3Protocol
internal import SQLite
import Synchronization

/// Buckets, the objects in them, uploads in parts, and whose they all are.
///
/// Reads run on the calling thread and take microseconds, but for what has to pass many rows: see ``page(_:of:)``. Writes are durable, as
/// ``StoreConfiguration/durability`` says, when they return, and visible to nobody before.
public final class Store: Sendable {
    /// Accounts, users and access keys.
    public let directory: Directory
    /// What is to be told of changes.
    public let mailbox: Mailbox
    /// Threads that may block: run what streams bodies on these.
    public let workers: WorkerPool

    let configuration: StoreConfiguration
    let index: Index
    let files: any FileSystem
    let health: Health
    let reserve: Reserve
    let sweeper: Sweeper
    let names: BlobNames
    let keys: KeyRing
    /// Every bucket by its name; changed between a commit and its answer, so that nobody sees an old one.
    let bucketsByName: Mutex<[String: Bucket]>
    /// Every bucket's lifecycle, by the bucket's number; changed as ``bucketsByName`` is.
    let lifecycles: Mutex<[Int64: LifecycleConfiguration]>
    private let recovery = Mutex<Task<Void, Never>?>(nil)

    /// Opens a store, making it where there is none, and begins to tidy it up in the background.
    ///
    /// - Throws: ``StoreError`` for what its user can mend, else what opening the index throws.
    public static func open(_ configuration: StoreConfiguration) throws -> Store {
        guard let folder = configuration.folder else {
            return try Store(configuration, files: MemoryFileSystem())
        }
        let syncs = configuration.durability == .full
        do {
            return try Store(configuration, files: try DiskFileSystem(folder, syncs: syncs))
        } catch let error as SQLiteError where error.isCorruption {
            throw StoreError.indexDamaged(folder, reason: error.message)
        }
    }

    /// Opens a store in memory that holds what another did at one moment, and goes its own way from there.
    ///
    /// What is in files is shared, not copied.
    ///
    /// - Parameters:
    ///   - configuration: What it is made of; a folder is not heeded.
    ///   - image: The moment.
    /// - Returns: The store.
    /// - Throws: What opening the index throws.
    public static func open(
        _ configuration: StoreConfiguration,
        from image: StoreImage
    ) throws -> Store {
        var configuration = configuration
        configuration.folder = nil
        let files = MemoryFileSystem(image.files)
        return try Store(configuration, files: files, image: image)
    }

    init(
        _ configuration: StoreConfiguration,
        files: any FileSystem,
        image: StoreImage? = nil
    ) throws {
        let logger = configuration.logger
        let health = Health(logger: logger)
        let path = configuration.folder.map { "\($0)/index.db" }
        let wasStopped = path.map { !LeftOver.exists("\($0)-wal") } ?? true
        if let path { try LeftOver.requireIndex(path, files: files) }
        let reserve = Reserve(files: files)
        // A start makes files and commits, also on a disk that is full.
        reserve.giveUp()
        let index = try Index.open(
            path,
            configuration,
            from: image,
            health: health,
            reserve: reserve,
            wasStopped: wasStopped
        )
        let workers = configuration.workers ?? WorkerPool(threads: 16)

        self.configuration = configuration
        self.files = files
        self.health = health
        self.reserve = reserve
        self.index = index
        self.workers = workers
        sweeper = Sweeper(
            index: index,
            files: files,
            reserve: reserve,
            workers: workers,
            rest: configuration.restBeforeSweep,
            logger: logger
        )
        index.whenFilesReleased { [weak sweeper] in sweeper?.wake() }
        names = BlobNames(
            start: try index.writeNow { try $0.next("starts") },
            random: configuration.random
        )
        keys = KeyRing(
            files: files,
            index: index,
            names: names,
            random: configuration.random
        )
        mailbox = Mailbox(
            index,
            capacity: configuration.mailboxCapacity,
            time: configuration.time,
            logger: logger
        )
        directory = try Directory(index, configuration: configuration)
        let buckets = try index.read { try $0.allBuckets() }
        bucketsByName = Mutex(Dictionary(uniqueKeysWithValues: buckets.map { ($0.name, $0) }))
        lifecycles = Mutex(try Self.lifecycles(in: index, logger: logger))
        if configuration.tidiesUp { startRecovery(checkingIndex: !wasStopped) }
    }

    /// Whether nothing of it is on disk.
    public var isInMemory: Bool { !files.isPersistent }

    /// Where names and identifiers come from.
    public var random: any RandomSource { configuration.random }

    /// Holds room back on the disk, so that deleting succeeds when it is full.
    ///
    /// Until this is called, or something written, whoever starts on a full disk has that room for files of its own.
    public func holdReserve() {
        do throws(IOError) { try reserve.hold() } catch {
            configuration.logger.warning(
                "Until the disk has room, only what frees room is written: \(error)"
            )
        }
    }

    /// Finishes what is under way and closes every file.
    ///
    /// Nothing may be asked of the store afterwards.
    public func close() async {
        mailbox.stopWaiting()
        await finishRecovery()
        // On a disk that takes nothing more, what keys were used for is not worth failing for.
        try? await directory.writeUses()
        await sweeper.stop()
        await index.close()
        files.close()
    }

    /// Waits until the tidying up that began with ``open(_:)`` is done.
    func finishRecovery() async { await recovery.withLock { $0 }?.value }

    private func startRecovery(checkingIndex: Bool) {
        let recovery = Recovery(
            index: index,
            files: files,
            health: health,
            sweeper: sweeper,
            names: names,
            logger: configuration.logger
        )
        self.recovery.withLock { task in
            task = Task.detached(executorPreference: workers) {
                await recovery.run(checkingIndex: checkingIndex)
            }
        }
    }

    /// Begins to take a body in.
    ///
    /// - Parameters:
    ///   - sizeHint: How many bytes are announced, or `nil` where nobody said.
    ///   - checksums: Which digests are wanted beside MD5 and CRC-64/NVME.
    ///   - sealing: The keys to encrypt it with; `nil` where it is to be clear.
    /// - Returns: A body with no bytes yet.
    public func stage(
        sizeHint: Int64?,
        checksums: Set<ChecksumAlgorithm> = [],
        sealing: Sealing? = nil
    ) -> StagedBody {
        let (files, names, health, reserve) = (files, names, health, reserve)
        return StagedBody(
            inlineLimit: configuration.inlineLimit,
            checksums: checksums,
            sealing: sealing,
            judge: { health.judge($0) },
            makeFile: {
                try reserve.hold()
                return try StagedFile(names.next(), in: files)
            }
        )
    }
}

/// Names for files that nothing has ever been named: the number of this start, and chance.
struct BlobNames: Sendable {
    /// What the names of this start begin with, and no other's.
    let prefix: String
    /// The number of this start.
    let start: Int64
    private let random: any RandomSource

    init(start: Int64, random: any RandomSource) {
        self.start = start
        let digits = String(start, radix: 16)
        // By chance too: an index that was put back from a copy counts the same starts again.
        prefix =
            String(repeating: "0", count: max(0, 8 - digits.count)) + digits + "-"
            + Hex.encode(random.bytes(4))
        self.random = random
    }

    /// The number of the start that made a name; `nil` where none did.
    static func start(of name: String) -> Int64? {
        guard let dash = name.firstIndex(of: "-") else { return nil }
        return Int64(name[..<dash], radix: 16)
    }

    func next() -> String { prefix + Hex.encode(random.bytes(12)) }
}
