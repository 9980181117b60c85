internal import Digests

/// How an object is encrypted at rest.
///
/// [Protecting data with server-side encryption](https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html)
public enum ObjectEncryption: Sendable, Hashable {
    /// Under the store's own key: SSE-S3.
    case managed
    /// Under a named key that follows from the store's own: SSE-KMS.
    case named(NamedKey)
    /// Under a key that the client brings with each request: SSE-C.
    case customer(CustomerKeyCheck)

    /// A named key, and what is bound to its use.
    public struct NamedKey: Sendable, Hashable {
        /// The key's full name.
        public let name: String
        /// Text that is authenticated with the wrapped key, as the client gave it.
        public let context: String?
        /// Whether a key of the bucket was asked for; it is only remembered.
        public let usesBucketKey: Bool

        /// Names a key.
        public init(_ name: String, context: String? = nil, usesBucketKey: Bool = false) {
            self.name = name
            self.context = context
            self.usesBucketKey = usesBucketKey
        }
    }

    /// Whether the entity tag of what is encrypted so is the MD5 of the plain bytes, as it is only for SSE-S3.
    public var showsMD5: Bool { self == .managed }
}

extension ObjectEncryption {
    private enum Method: String {
        case managed = "AES256"
        case named = "aws:kms"
        case customer = "SSE-C"
    }

    /// What is authenticated with a wrapped key, so that it cannot be passed off as one of another kind.
    var binding: [Field] {
        switch self {
        case .managed: [Field("method", Method.managed.rawValue)]
        case .customer: [Field("method", Method.customer.rawValue)]
        case .named(let key):
            [Field("method", Method.named.rawValue), Field("key", key.name)]
                + (key.context.map { [Field("context", $0)] } ?? [])
        }
    }

    /// All that is kept about it, in the index and in blobs' records.
    var fields: [Field] {
        switch self {
        case .managed: binding
        case .named(let key): binding + (key.usesBucketKey ? [Field("bucket-key", "true")] : [])
        case .customer(let check):
            binding + [
                Field("salt", Hex.encode(check.salt)), Field("check", Hex.encode(check.digest)),
            ]
        }
    }

    /// Reads what ``fields`` wrote; `nil` for anything else.
    init?(_ fields: [Field]) {
        func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        switch value("method").flatMap({ Method(rawValue: $0) }) {
        case nil: return nil
        case .managed: self = .managed
        case .named:
            guard let name = value("key") else { return nil }
            self = .named(
                NamedKey(
                    name,
                    context: value("context"),
                    usesBucketKey: value("bucket-key") == "true"
                )
            )
        case .customer:
            guard let salt = value("salt").flatMap({ Hex.decode($0) }),
                let digest = value("check").flatMap({ Hex.decode($0) })
            else { return nil }
            self = .customer(CustomerKeyCheck(salt: salt, digest: digest))
        }
    }
}
