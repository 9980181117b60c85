import Digests
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Signing

/// How a write asks for its object to be encrypted, and how that is shown.
///
/// [Protecting data with server-side encryption](https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html)
struct EncryptionHeaders: Sendable {
    /// What is asked for.
    enum Choice: Sendable {
        /// Nothing: the bucket's default decides.
        case none
        /// SSE-S3.
        case managed
        /// SSE-KMS, with the key's name and the context as they were given.
        case named(String?, context: String?)
        /// SSE-C.
        case customer(CustomerKey)
    }

    let choice: Choice
    /// Whether a key of the bucket is to be used; `nil` where the bucket decides.
    let usesBucketKey: Bool?

    /// The client's own key.
    var customerKey: CustomerKey? { if case .customer(let key) = choice { key } else { nil } }

    /// Whether the request says anything.
    var isAsked: Bool { if case .none = choice { false } else { true } }

    /// Reads the headers of a write.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for what S3 refuses, `NotImplemented` for two layers of encryption.
    init(_ request: S3Request) throws(S3Error) {
        // An empty one is not as good as none: it would leave clear what somebody meant to encrypt.
        let method = request.headers.first(name: EncryptionHeader.method)
        if let method, request.hasCustomerKey {
            throw Self.invalid(
                "Server Side Encryption with Customer provided key is incompatible with the "
                    + "encryption method specified",
                method
            )
        }
        usesBucketKey = try Self.flag(request.header(EncryptionHeader.bucketKey))
        let name = request.header(EncryptionHeader.keyID)
        let context = request.header(EncryptionHeader.context)
        guard method == "aws:kms" || method == "aws:kms:dsse" || (name == nil && context == nil)
        else {
            throw Self.invalid(
                "Server Side Encryption with AWS KMS managed key requires HTTP header "
                    + "x-amz-server-side-encryption : aws:kms",
                method ?? "null"
            )
        }
        switch method {
        case nil:
            choice = try CustomerKeyHeaders.read(request).map { .customer($0) } ?? .none
        case "AES256": choice = .managed
        case "aws:kms":
            try Self.check(context: context)
            choice = .named(name, context: context)
        case "aws:kms:dsse":
            throw S3Error(
                .notImplemented,
                "Dual-layer server-side encryption is not implemented.",
                details: [.init("Header", EncryptionHeader.method)]
            )
        case let method?:
            throw Self.invalid("The encryption method specified is not supported", method)
        }
    }

    /// How the object is to be encrypted: as was asked for, or as the bucket has it.
    ///
    /// - Returns: The encryption, or `nil` where the object is to be clear.
    /// - Throws: ``S3Error`` with `AccessDenied` where the bucket takes no such objects; `InvalidArgument` where SSE-KMS
    ///   is not to be had so; `KMS.NotFoundException`.
    func resolve(
        key: String,
        in bucket: Bucket,
        _ context: Context
    ) throws -> ObjectEncryption? {
        let settings = try BucketEncryption(of: bucket, context.store)
        let encryption: ObjectEncryption?
        switch choice {
        case .customer(let secret):
            if settings?.blocksCustomerKeys == true {
                throw BucketEncryption.blocked(key: key, in: bucket, context)
            }
            encryption = context.store.encryption(under: secret)
        case .managed: encryption = .managed
        case .named(let name, let text):
            encryption = try named(name, context: text, settings, context)
        case .none:
            switch settings?.standard {
            case nil: encryption = nil
            case .managed: encryption = .managed
            case .named(let name): encryption = try named(name, context: nil, settings, context)
            }
        }
        try context.requireProtection(for: encryption)
        return encryption
    }

    private func named(
        _ name: String?,
        context text: String?,
        _ settings: BucketEncryption?,
        _ context: Context
    ) throws(S3Error) -> ObjectEncryption {
        .named(
            ObjectEncryption.NamedKey(
                try KeyName.full(name, context),
                context: text,
                usesBucketKey: usesBucketKey ?? settings?.usesBucketKey ?? false
            )
        )
    }

    /// The headers that tell how something is encrypted.
    ///
    /// - Parameters:
    ///   - encryption: How it is encrypted.
    ///   - key: The client's key, where it is to be confirmed.
    ///   - withContext: Whether the context is shown, as it is to those who write.
    /// - Returns: The headers; none for what is clear.
    static func show(
        _ encryption: ObjectEncryption?,
        _ key: CustomerKey? = nil,
        withContext: Bool = false
    ) -> HTTPHeaders {
        switch encryption {
        case nil: return [:]
        case .managed: return [EncryptionHeader.method: "AES256"]
        case .customer: return key.map { CustomerKeyHeaders.show($0) } ?? [:]
        case .named(let named):
            var headers: HTTPHeaders = [
                EncryptionHeader.method: "aws:kms", EncryptionHeader.keyID: named.name,
            ]
            if withContext, let context = named.context {
                headers.add(name: EncryptionHeader.context, value: context)
            }
            if named.usesBucketKey { headers.add(name: EncryptionHeader.bucketKey, value: "true") }
            return headers
        }
    }

    private static func flag(_ text: String?) throws(S3Error) -> Bool? {
        switch text?.lowercased() {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            throw S3Error(
                .invalidArgument,
                "Value for \(EncryptionHeader.bucketKey) header is invalid.",
                details: [
                    .init("ArgumentName", EncryptionHeader.bucketKey),
                    .init("ArgumentValue", text ?? ""),
                ]
            )
        }
    }

    private static func check(context: String?) throws(S3Error) {
        guard let context else { return }
        let text = Base64.decode(context).flatMap { String(validating: $0, as: UTF8.self) }
        guard let text, case .object(let members) = try? JSON(parsing: text, limit: 8192),
            members.allSatisfy({ $0.value.string != nil })
        else {
            throw S3Error(
                .invalidArgument,
                "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 "
                    + "string holding JSON which represents a string-string map",
                details: [
                    .init("ArgumentName", EncryptionHeader.context),
                    .init("ArgumentValue", context),
                ]
            )
        }
    }

    private static func invalid(_ message: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [
                .init("ArgumentName", EncryptionHeader.method), .init("ArgumentValue", value),
            ]
        )
    }
}

extension S3Request {
    /// Whether any of the headers of a client's own key is there.
    fileprivate var hasCustomerKey: Bool {
        ["algorithm", "key", "key-md5"].contains {
            header("x-amz-server-side-encryption-customer-\($0)") != nil
        }
    }
}

extension Context {
    /// Fails where an object under a named key is asked for in a way that others could read along or repeat.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument`: S3 wants TLS and a signature of version 4. From this machine itself
    ///   TLS is not needed.
    func requireProtection(for encryption: ObjectEncryption?) throws(S3Error) {
        guard case .named = encryption else { return }
        let subject = "Requests specifying Server Side Encryption with AWS KMS managed keys"
        guard payload.request.isPrivate else {
            throw S3Error(
                .invalidArgument,
                "\(subject) must be made over a secure connection.",
                details: [
                    .init("ArgumentName", EncryptionHeader.method),
                    .init("ArgumentValue", "aws:kms"),
                ]
            )
        }
        guard caller.proof?.isV4 == true else {
            throw S3Error(
                .invalidArgument,
                "\(subject) require AWS Signature Version 4.",
                details: [
                    .init("ArgumentName", "Authorization"), .init("ArgumentValue", "null"),
                ]
            )
        }
    }
}
