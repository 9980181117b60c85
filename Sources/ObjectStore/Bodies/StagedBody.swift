public import NIOCore
internal import S3Protocol

/// A body that arrives: small in memory, larger in a staging file, hashed as it comes.
///
/// Nothing of it is visible to anybody. Dropping it, or what ``finish()`` made of it, removes it.
/// It blocks while it writes, so use it on ``Store/workers``, from one task at a time.
public final class StagedBody {
    /// How much is collected for one write to a file, in bytes.
    private static let writeSize = 256 * 1024

    private let makeFile: () throws -> StagedFile
    private let judge: (any Error) -> any Error
    private let inlineLimit: Int
    private var hasher: BodyHasher?
    private var pending: [UInt8] = []
    private var file: StagedFile?

    /// How many bytes have been appended.
    public private(set) var size: Int64 = 0

    init(
        inlineLimit: Int,
        checksums: Set<ChecksumAlgorithm>,
        judge: @escaping (any Error) -> any Error,
        makeFile: @escaping () throws -> StagedFile
    ) {
        self.inlineLimit = inlineLimit
        self.judge = judge
        self.makeFile = makeFile
        hasher = BodyHasher(checksums)
    }

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
        unsafe hasher?.update(bytes)
        size += Int64(bytes.count)
        if pending.count + bytes.count > (file == nil ? inlineLimit : Self.writeSize) {
            try writePending()
            if bytes.count >= Self.writeSize { return try unsafe write(bytes) }
        }
        unsafe pending.append(contentsOf: bytes)
    }

    /// Ends the body and answers what it is.
    ///
    /// It is not durable yet, nor visible.
    ///
    /// - Throws: As ``append(_:)-(ByteBuffer)``.
    public func finish() throws -> Finished {
        if file != nil { try writePending() }
        let digests = hasher.take()?.finalize() ?? BodyDigests(md5: [], crc64: [], checksums: [:])
        defer { file = nil }
        return Finished(size: size, digests: digests, bytes: pending, file: file)
    }

    private func writePending() throws {
        try unsafe pending.withUnsafeBytes { try unsafe write($0) }
        pending.removeAll(keepingCapacity: true)
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
        /// The whole body where there is no file.
        let bytes: [UInt8]
        let file: StagedFile?
    }
}
