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

    /// The checksum of this algorithm, where it was asked for; CRC-64/NVME always is there.
    public subscript(algorithm: ChecksumAlgorithm) -> [UInt8]? {
        algorithm == .crc64nvme ? crc64 : checksums[algorithm]
    }
}

/// Digests under way.
struct BodyHasher: ~Copyable {
    private var md5 = HashFunction(.md5)
    private var crc64 = CRC64NVME()
    private var crc32: CRC32?
    private var crc32c: CRC32C?
    private var sha1: HashFunction?
    private var sha256: HashFunction?

    /// Begins MD5, CRC-64/NVME and those asked for.
    init(_ algorithms: Set<ChecksumAlgorithm>) {
        crc32 = algorithms.contains(.crc32) ? CRC32() : nil
        crc32c = algorithms.contains(.crc32c) ? CRC32C() : nil
        sha1 = algorithms.contains(.sha1) ? HashFunction(.sha1) : nil
        sha256 = algorithms.contains(.sha256) ? HashFunction(.sha256) : nil
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe md5.update(bytes)
        unsafe crc64.update(bytes)
        unsafe crc32?.update(bytes)
        unsafe crc32c?.update(bytes)
        unsafe sha1?.update(bytes)
        unsafe sha256?.update(bytes)
    }

    consuming func finalize() -> BodyDigests {
        var checksums: [ChecksumAlgorithm: [UInt8]] = [.crc64nvme: crc64.bytes]
        checksums[.crc32] = crc32?.bytes
        checksums[.crc32c] = crc32c?.bytes
        if let sha1 = sha1.take() { checksums[.sha1] = sha1.finalize() }
        if let sha256 = sha256.take() { checksums[.sha256] = sha256.finalize() }
        return BodyDigests(md5: md5.finalize(), crc64: crc64.bytes, checksums: checksums)
    }
}
