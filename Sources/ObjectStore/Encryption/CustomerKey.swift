internal import Digests

/// A key that a client brings with each request (SSE-C), and that is never kept.
///
/// [Using server-side encryption with customer-provided keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html)
public struct CustomerKey: Sendable {
    /// The MD5 of the key in base64, as it travels.
    public let md5: String
    let secret: SecretKey

    /// Wraps a key's bytes; `nil` where they are not 32.
    public init?(_ bytes: [UInt8]) {
        guard let secret = SecretKey(bytes) else { return nil }
        self.secret = secret
        md5 = Base64.encode(HashFunction.hash(.md5, bytes))
    }

    /// Whether this is the key that a check was made of.
    public func matches(_ check: CustomerKeyCheck) -> Bool {
        equalInConstantTime(secret.authenticate(check.salt), check.digest)
    }
}

extension CustomerKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The word `redacted`.
    public var description: String { "redacted" }
    /// The word `redacted`.
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What is kept of a client's key: enough to know it again, and nothing to find it by.
public struct CustomerKeyCheck: Sendable, Hashable {
    let salt: [UInt8]
    let digest: [UInt8]

    init(salt: [UInt8], digest: [UInt8]) {
        self.salt = salt
        self.digest = digest
    }

    init(of key: CustomerKey, random: any RandomSource) {
        salt = random.bytes(SecretKey.byteCount)
        digest = key.secret.authenticate(salt)
    }
}
