internal import Digests
public import NIOCore
public import S3Protocol

/// The digests of a body, as raw bytes, most significant first.
public struct BodyDigests: Sendable, Hashable {
    /// MD5, of every body.
    public let md5: [UInt8]
    /// CRC-64/NVME, of every body.
    public let crc64: [UInt8]
    /// The others that were asked for when the body was staged.
    public let checksums: [ChecksumAlgorithm: [UInt8]]

    /// SHA-256, where it was asked for.
    public var sha256: [UInt8]? { checksums[.sha256] }

    /// The digests of bytes that are all there.
    ///
    /// - Parameters:
    ///   - buffer: The bytes.
    ///   - algorithms: Which are wanted beside MD5 and CRC-64/NVME.
    public init(of buffer: ByteBuffer, _ algorithms: Set<ChecksumAlgorithm>) {
        var hasher = BodyHasher(algorithms)
        unsafe buffer.withUnsafeReadableBytes { unsafe hasher.update($0) }
        self = hasher.finalize()
    }

    init(md5: [UInt8], crc64: [UInt8], checksums: [ChecksumAlgorithm: [UInt8]]) {
        self.md5 = md5
        self.crc64 = crc64
        self.checksums = checksums
    }

    /// The checksum of this algorithm, where it was asked for; CRC-64/NVME and MD5 always are there.
    public subscript(algorithm: ChecksumAlgorithm) -> [UInt8]? {
        switch algorithm {
        case .crc64nvme: crc64
        case .md5: md5
        case .crc32, .crc32c, .sha1, .sha256, .sha512, .xxhash64, .xxhash3, .xxhash128:
            checksums[algorithm]
        }
    }
}

/// Digests under way.
struct BodyHasher: ~Copyable {
    /// `nil` only while another thread has it.
    private var md5: HashFunction? = HashFunction(.md5)
    private var crc64 = CRC64NVME()
    private var crc32: CRC32?
    private var crc32c: CRC32C?
    private var sha1: HashFunction?
    private var sha256: HashFunction?
    private var sha512: HashFunction?
    private var xxhash64: XXHash?
    private var xxhash3: XXHash?
    private var xxhash128: XXHash?

    /// Begins MD5, CRC-64/NVME and those asked for.
    init(_ algorithms: Set<ChecksumAlgorithm>) {
        crc32 = algorithms.contains(.crc32) ? CRC32() : nil
        crc32c = algorithms.contains(.crc32c) ? CRC32C() : nil
        sha1 = algorithms.contains(.sha1) ? HashFunction(.sha1) : nil
        sha256 = algorithms.contains(.sha256) ? HashFunction(.sha256) : nil
        sha512 = algorithms.contains(.sha512) ? HashFunction(.sha512) : nil
        xxhash64 = algorithms.contains(.xxhash64) ? XXHash(.xxh64) : nil
        xxhash3 = algorithms.contains(.xxhash3) ? XXHash(.xxh3) : nil
        xxhash128 = algorithms.contains(.xxhash128) ? XXHash(.xxh128) : nil
    }

    /// Adds bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe md5?.update(bytes)
        unsafe updateOthers(bytes)
    }

    /// Adds bytes, MD5 on another thread: it alone takes longer than all others together.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - threads: Where MD5 is reckoned; what runs there must wait for nothing.
    ///   - work: What else is to be done with the bytes meanwhile.
    /// - Throws: What `work` throws; the bytes were added all the same.
    mutating func update<E: Error>(
        _ bytes: UnsafeRawBufferPointer,
        on threads: WorkerPool,
        while work: () throws(E) -> Void
    ) throws(E) {
        // That thread reads the bytes and has the hash alone until it signals; nothing here returns before.
        nonisolated(unsafe) let (bytes, lent) = unsafe (bytes, LentHash(md5.take()))
        let done = Semaphore()
        threads.submit {
            unsafe lent.hash?.update(bytes)
            done.signal()
        }
        defer {
            done.wait()
            md5 = unsafe lent.hash.take()
        }
        unsafe updateOthers(bytes)
        try work()
    }

    private mutating func updateOthers(_ bytes: UnsafeRawBufferPointer) {
        unsafe crc64.update(bytes)
        unsafe crc32?.update(bytes)
        unsafe crc32c?.update(bytes)
        unsafe sha1?.update(bytes)
        unsafe sha256?.update(bytes)
        unsafe sha512?.update(bytes)
        unsafe xxhash64?.update(bytes)
        unsafe xxhash3?.update(bytes)
        unsafe xxhash128?.update(bytes)
    }

    consuming func finalize() -> BodyDigests {
        var checksums: [ChecksumAlgorithm: [UInt8]] = [.crc64nvme: crc64.bytes]
        checksums[.crc32] = crc32?.bytes
        checksums[.crc32c] = crc32c?.bytes
        if let sha1 = sha1.take() { checksums[.sha1] = sha1.finalize() }
        if let sha256 = sha256.take() { checksums[.sha256] = sha256.finalize() }
        if let sha512 = sha512.take() { checksums[.sha512] = sha512.finalize() }
        if let xxhash64 = xxhash64.take() { checksums[.xxhash64] = xxhash64.bytes }
        if let xxhash3 = xxhash3.take() { checksums[.xxhash3] = xxhash3.bytes }
        if let xxhash128 = xxhash128.take() { checksums[.xxhash128] = xxhash128.bytes }
        return BodyDigests(
            md5: md5.take()?.finalize() ?? [],
            crc64: crc64.bytes,
            checksums: checksums
        )
    }
}

/// A hash that one thread lends to another until that one signals.
private final class LentHash {
    var hash: HashFunction?

    init(_ hash: consuming HashFunction?) { self.hash = hash }
}
