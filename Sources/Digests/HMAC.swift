import COpenSSL
import Synchronization

/// Keyed digests ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)) of one message each.
public enum HMAC {
    /// HMAC-SHA-256: 32 bytes.
    public static func sha256(key: [UInt8], _ message: some Collection<UInt8>) -> [UInt8] {
        var digest = KeyedDigest(.sha256, key: key)
        return digest.authenticate(message)
    }

    /// HMAC-SHA-1: 20 bytes.
    public static func sha1(key: [UInt8], _ message: some Collection<UInt8>) -> [UInt8] {
        var digest = KeyedDigest(.sha1, key: key)
        return digest.authenticate(message)
    }
}

/// A key made ready once for many messages: a quarter of the time of a fresh start.
///
/// It may be used from several threads; they take turns.
public final class HMACKey: Sendable {
    private let digest: Mutex<KeyedDigest>

    /// Makes a key ready.
    public init(_ algorithm: HashAlgorithm, key: [UInt8]) {
        digest = Mutex(KeyedDigest(algorithm, key: key))
    }

    /// The keyed digest of a message.
    public func authenticate(_ message: some Collection<UInt8>) -> [UInt8] {
        digest.withLock { $0.authenticate(message) }
    }
}

/// A keyed context of libcrypto, which starts anew for each message.
///
/// `Sendable` although it holds a pointer: the context belongs to this one value, which can be neither copied
/// nor used from two places at once.
@safe private struct KeyedDigest: ~Copyable, @unchecked Sendable {
    private let context: OpaquePointer
    private let byteCount: Int

    init(_ algorithm: HashAlgorithm, key: [UInt8]) {
        guard let context = unsafe EVP_MAC_CTX_new(Self.implementation) else {
            preconditionFailure("out of memory")
        }
        unsafe self.context = unsafe context
        byteCount = algorithm.byteCount
        // Libcrypto refuses an empty key. HMAC fills every short key up with zeros, so one zero is the same key.
        let key = key.isEmpty ? [0] : key
        // A parameter holds pointers to its two words, so both must outlive the call that makes it.
        unsafe OSSL_MAC_PARAM_DIGEST.withCString { digest in
            var name = Array(algorithm.name.utf8CString)
            unsafe name.withUnsafeMutableBufferPointer { name in
                let parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string(digest, name.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                unsafe check(EVP_MAC_init(context, key, key.count, parameters))
            }
        }
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    mutating func authenticate(_ message: some Collection<UInt8>) -> [UInt8] {
        unsafe check(EVP_MAC_init(context, nil, 0, nil))
        unsafe message.withBytes {
            unsafe check(EVP_MAC_update(context, $0.baseAddress, $0.count))
        }
        return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            unsafe check(EVP_MAC_final(context, digest.baseAddress, &count, byteCount))
        }
    }

    // Safe although a pointer: written once, by the runtime's own once, and never freed.
    nonisolated(unsafe) private static let implementation = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
}
