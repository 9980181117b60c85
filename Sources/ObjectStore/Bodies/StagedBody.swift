internal import Digests
public import NIOCore
internal import S3Protocol

/// A body that arrives: small in memory, larger in a staging file, hashed as it comes, and sealed behind that.
///
/// Nothing of it is visible to anybody. Dropping it, or what ``finish()`` made of it, removes it.
/// It blocks while it writes, so use it on ``Store/workers``, from one task at a time.
public final class StagedBody {
    /// How much is collected for one write to a file, in bytes.
    private static let writeSize = 256 * 1024
    /// From how many bytes on MD5 is worth another thread: below, the two changes of thread cost too much of it.
    static let lendSize = 64 * 1024
    /// Where MD5 goes on while a body's own thread does the rest; nothing there ever waits.
    private static let hashing = WorkerPool(threads: System.coreCount)

    private let makeFile: () throws -> StagedFile
    private let judge: (any Error) -> any Error
    private let inlineLimit: Int
    private let collected: CollectedBytes
    private var hasher: BodyHasher?
    private let sealing: Sealing?
    private var sealer: BlockSealer?
    private var pending: [UInt8] = []
    private var file: StagedFile?

    /// How many bytes have been appended.
    public private(set) var size: Int64 = 0

    init(
        inlineLimit: Int,
        checksums: Set<ChecksumAlgorithm>,
        sealing: Sealing?,
        collected: CollectedBytes = .process,
        judge: @escaping (any Error) -> any Error,
        makeFile: @escaping () throws -> StagedFile
    ) {
        self.inlineLimit = inlineLimit
        self.collected = collected
        self.judge = judge
        self.makeFile = makeFile
        hasher = BodyHasher(checksums)
        self.sealing = sealing
        sealer = sealing.map { BlockSealer($0.key, name: $0.envelope.salt) }
    }

    deinit { collected.give(pending.count) }

    /// Takes the next bytes of the body.
    ///
    /// - Throws: `ServiceUnavailable` where the disk is full, else ``IOError``. The body is of no use then.
    public func append(_ buffer: ByteBuffer) throws {
        try unsafe buffer.withUnsafeReadableBytes { try unsafe append($0) }
    }

    /// Takes the next bytes of the body.
    ///
    /// - Throws: `ServiceUnavailable` where the disk is full, else ``IOError``. The body is of no use then.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
        size += Int64(bytes.count)
        guard bytes.count >= Self.lendSize else {
            unsafe hasher?.update(bytes)
            return try unsafe seal(bytes)
        }
        try unsafe hasher?.update(bytes, on: Self.hashing) { try unsafe seal(bytes) }
    }

    private func seal(_ bytes: UnsafeRawBufferPointer) throws {
        guard sealer != nil else { return try unsafe keep(bytes) }
        try unsafe sealer?.append(bytes) { try keep($0) }
    }

    private func keep(_ bytes: [UInt8]) throws {
        try unsafe bytes.withUnsafeBytes { try unsafe keep($0) }
    }

    /// Takes the next bytes as they are to lie on the disk.
    private func keep(_ bytes: UnsafeRawBufferPointer) throws {
        let writeSize = collected.isExhausted ? CollectedBytes.floor : Self.writeSize
        if pending.count + bytes.count > (file == nil ? inlineLimit : writeSize) {
            try writePending()
            if bytes.count >= writeSize { return try unsafe write(bytes) }
        }
        // What grows by itself grows to twice of what is collected.
        if file != nil { pending.reserveCapacity(writeSize) }
        unsafe pending.append(contentsOf: bytes)
        collected.take(bytes.count)
    }

    /// Ends the body and answers what it is.
    ///
    /// It is not durable yet, nor visible.
    ///
    /// - Throws: As ``append(_:)-(ByteBuffer)``.
    public func finish() throws -> Finished {
        if let last = sealer?.finish() { try keep(last) }
        if file != nil { try writePending() }
        collected.give(pending.count)
        let digests = hasher.take()?.finalize() ?? BodyDigests(md5: [], crc64: [], checksums: [:])
        defer {
            file = nil
            pending = []
        }
        return Finished(
            size: size,
            digests: digests,
            sealing: sealing,
            bytes: pending,
            file: file
        )
    }

    private func writePending() throws {
        try unsafe pending.withUnsafeBytes { try unsafe write($0) }
        collected.give(pending.count)
        pending.removeAll(keepingCapacity: !collected.isExhausted)
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            if file == nil { file = try makeFile() }
            try unsafe file?.append(bytes)
        } catch {
            throw judge(error)
        }
    }

    /// A body that is complete, and waits to become an object or a part.
    ///
    /// Dropping it removes it.
    public struct Finished: Sendable {
        /// Its length in bytes.
        public let size: Int64
        /// Its digests.
        public let digests: BodyDigests
        /// What it was sealed with, where it was.
        let sealing: Sealing?
        /// The whole body, as it is to lie on the disk, where there is no file.
        let bytes: [UInt8]
        let file: StagedFile?

        /// The entity tag, without quotes: the MD5, or what stands for it where that is to stay unknown.
        public var etag: String {
            sealing?.etag(md5: digests.md5) ?? Hex.encode(digests.md5)
        }
        /// The MD5, where the index may know it: what hides it from the entity tag hides it from there.
        var knownMD5: [UInt8]? { sealing?.tagKey == nil ? digests.md5 : nil }
    }
}
