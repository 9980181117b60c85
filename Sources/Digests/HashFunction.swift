import COpenSSL

/// A digest of bytes that arrive in pieces, by libcrypto.
///
/// Being noncopyable it ends exactly once: ``finalize()`` consumes it, and dropping it frees it.
///
/// `Sendable` although it holds a pointer: the context belongs to this one value, which can be neither copied
/// nor used from two places at once.
@safe public struct HashFunction: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer
    private let algorithm: HashAlgorithm

    /// Starts a digest of nothing yet.
    public init(_ algorithm: HashAlgorithm) {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
        unsafe self.context = unsafe context
        self.algorithm = algorithm
        unsafe check(EVP_DigestInit_ex2(context, algorithm.implementation, nil))
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    /// Adds bytes: an array, a buffer's view, a string's `utf8`.
    public mutating func update(_ bytes: some Collection<UInt8>) {
        unsafe bytes.withBytes { unsafe update($0) }
    }

    /// Ends the digest.
    public consuming func finalize() -> [UInt8] { digest() }

    /// Ends the digest and starts the next, of nothing yet.
    public mutating func finalizeAndRestart() -> [UInt8] {
        let digest = digest()
        unsafe check(EVP_DigestInit_ex2(context, nil, nil))
        return digest
    }

    private func digest() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { digest, count in
            unsafe check(EVP_DigestFinal_ex(context, digest.baseAddress, nil))
            count = algorithm.byteCount
        }
    }

    /// The digest of bytes that are all here.
    public static func hash(_ algorithm: HashAlgorithm, _ bytes: UnsafeRawBufferPointer) -> [UInt8]
    {
        var function = HashFunction(algorithm)
        unsafe function.update(bytes)
        return function.finalize()
    }

    /// The digest of bytes that are all here: an array, a buffer's view, a string's `utf8`.
    public static func hash(_ algorithm: HashAlgorithm, _ bytes: some Collection<UInt8>) -> [UInt8]
    {
        var function = HashFunction(algorithm)
        function.update(bytes)
        return function.finalize()
    }
}
