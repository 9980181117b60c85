import COpenSSL

/// A digest that S3 uses.
public enum HashAlgorithm: Sendable, Hashable, CaseIterable {
    /// MD5, 16 bytes ([RFC 1321](https://www.rfc-editor.org/rfc/rfc1321)): ETags and `Content-MD5`.
    case md5
    /// SHA-1, 20 bytes ([RFC 3174](https://www.rfc-editor.org/rfc/rfc3174)): signature version 2.
    case sha1
    /// SHA-256, 32 bytes ([RFC 6234](https://www.rfc-editor.org/rfc/rfc6234)): signature version 4.
    case sha256
    /// SHA-512, 64 bytes ([RFC 6234](https://www.rfc-editor.org/rfc/rfc6234)): one of S3's checksums.
    case sha512

    /// How many bytes a digest has.
    public var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// What libcrypto calls it.
    var name: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        }
    }

    /// Libcrypto's implementation: looked up once, since a look-up costs more than a short digest.
    var implementation: OpaquePointer {
        switch self {
        case .md5: unsafe Self.fetched.md5
        case .sha1: unsafe Self.fetched.sha1
        case .sha256: unsafe Self.fetched.sha256
        case .sha512: unsafe Self.fetched.sha512
        }
    }

    // Safe although pointers: written once, by the runtime's own once, and never freed.
    nonisolated(unsafe) private static let fetched = unsafe (
        md5: fetch(.md5), sha1: fetch(.sha1), sha256: fetch(.sha256), sha512: fetch(.sha512)
    )

    private static func fetch(_ algorithm: HashAlgorithm) -> OpaquePointer {
        guard let found = unsafe EVP_MD_fetch(nil, algorithm.name, nil) else {
            preconditionFailure("libcrypto has no \(algorithm.name)")
        }
        return unsafe found
    }
}
