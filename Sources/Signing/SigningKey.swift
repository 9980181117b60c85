import Digests
import Synchronization

/// The key that signs one day's requests to one region and service.
public final class SigningKey: Sendable {
    /// What it may sign.
    public let scope: CredentialScope
    private let key: HMACKey
    private let scopeLine: [UInt8]

    /// Derives the key from a secret by four keyed digests.
    ///
    /// [Calculate the signature](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#signing-key)
    public init(secret: Secret, scope: CredentialScope) {
        self.scope = scope
        scopeLine = Array("\(scope)\n".utf8)
        var key = Array("AWS4\(secret.revealed())".utf8)
        for part in [scope.day, scope.region, scope.service, CredentialScope.terminator] {
            key = HMAC.sha256(key: key, part.utf8)
        }
        self.key = HMACKey(.sha256, key: key)
    }

    /// A signature: 64 hexadecimal digits.
    func sign(_ stringToSign: [UInt8]) -> [UInt8] {
        Hex.ascii(key.authenticate(stringToSign))
    }

    /// The lines that sign a request whose time is `date`, spelled `20130524T000000Z`.
    func stringToSign(_ canonicalRequest: [UInt8], date: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes += "AWS4-HMAC-SHA256\n".utf8
        bytes += date.utf8
        bytes.append(UInt8(ascii: "\n"))
        bytes += scopeLine
        bytes += Hex.ascii(HashFunction.hash(.sha256, canonicalRequest))
        return bytes
    }
}

/// Signing keys that were derived before: a derivation costs more than all the rest of a verification.
///
/// It holds at most `capacity` keys and starts anew when full, which costs each live client one derivation.
public final class SigningKeyCache: Sendable {
    private struct Entry: Hashable {
        let accessKey: String
        let secret: Secret
        let scope: CredentialScope
    }

    private let capacity: Int
    private let keys = Mutex<[Entry: SigningKey]>([:])

    /// Makes a cache that holds some keys.
    public init(capacity: Int = 1024) { self.capacity = max(capacity, 1) }

    /// The key of a credential for a scope.
    public func key(for credential: Credential, scope: CredentialScope) -> SigningKey {
        let entry = Entry(
            accessKey: credential.accessKey,
            secret: credential.secret,
            scope: scope
        )
        if let known = keys.withLock({ $0[entry] }) { return known }
        let derived = SigningKey(secret: credential.secret, scope: scope)
        keys.withLock { keys in
            if keys.count >= capacity { keys.removeAll(keepingCapacity: true) }
            keys[entry] = derived
        }
        return derived
    }
}
