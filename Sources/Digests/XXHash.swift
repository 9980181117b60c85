import CChecksums

/// A hash of the xxHash family, of bytes that arrive in pieces: fast, and for accidents alone.
///
/// [The algorithm](https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md), with its seed 0.
///
/// `Sendable` although it holds a pointer: the state belongs to this one value, which can be neither copied
/// nor used from two places at once.
@safe public struct XXHash: ~Copyable, @unchecked Sendable {
    /// Which of the family.
    public enum Variant: Sendable, Hashable, CaseIterable {
        /// XXH64, 8 bytes.
        case xxh64
        /// XXH3 of 64 bits, 8 bytes.
        case xxh3
        /// XXH3 of 128 bits, 16 bytes.
        case xxh128

        /// How many bytes a hash has.
        public var byteCount: Int { self == .xxh128 ? 16 : 8 }

        fileprivate var kind: checksums_xxh_kind {
            switch self {
            case .xxh64: checksums_xxh64
            case .xxh3: checksums_xxh3
            case .xxh128: checksums_xxh128
            }
        }
    }

    private let state: OpaquePointer
    private let variant: Variant

    /// Starts a hash of nothing yet.
    public init(_ variant: Variant) {
        guard let state = unsafe checksums_xxh_new(variant.kind) else {
            preconditionFailure("out of memory")
        }
        unsafe self.state = unsafe state
        self.variant = variant
    }

    deinit { unsafe checksums_xxh_free(state) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe checksums_xxh_update(state, bytes.baseAddress, bytes.count)
    }

    /// Adds bytes: an array, a buffer's view, a string's `utf8`.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        unsafe bytes.withBytes { unsafe update($0) }
    }

    /// The hash of the bytes so far, as S3 sends it: the highest byte first, before base64.
    public var bytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: variant.byteCount) { digest, count in
            unsafe checksums_xxh_digest(state, digest.baseAddress)
            count = variant.byteCount
        }
    }

    /// The hash of bytes that are all here.
    public static func hash(_ variant: Variant, _ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = XXHash(variant)
        hash.update(bytes)
        return hash.bytes
    }
}
