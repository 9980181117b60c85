import S3Protocol

/// The encryption headers that an operation understands.
///
/// Any other is refused, by every operation, so that none is ever ignored in silence.
struct EncryptionUse: OptionSet, Sendable {
    let rawValue: Int

    /// `x-amz-server-side-encryption` and what belongs to it: how something new is to be encrypted.
    static let target = EncryptionUse(rawValue: 1)
    /// The client's own key.
    static let customerKey = EncryptionUse(rawValue: 2)
    /// The client's own key of a copy's source.
    static let sourceKey = EncryptionUse(rawValue: 4)

    private static let names: [String: EncryptionUse] = [
        EncryptionHeader.method: .target,
        EncryptionHeader.keyID: .target,
        EncryptionHeader.context: .target,
        EncryptionHeader.bucketKey: .target,
        "x-amz-server-side-encryption-customer-algorithm": .customerKey,
        "x-amz-server-side-encryption-customer-key": .customerKey,
        "x-amz-server-side-encryption-customer-key-md5": .customerKey,
        "x-amz-copy-source-server-side-encryption-customer-algorithm": .sourceKey,
        "x-amz-copy-source-server-side-encryption-customer-key": .sourceKey,
        "x-amz-copy-source-server-side-encryption-customer-key-md5": .sourceKey,
    ]

    private static let prefixes = [
        "x-amz-server-side-encryption", "x-amz-copy-source-server-side-encryption",
    ]

    /// Refuses a request that carries an encryption header which its operation does not understand, or one in its query.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented` for a header that nobody knows and for one in the query, which S3 does
    ///   not read there; `InvalidArgument` for one that the operation has no use for.
    func check(_ request: S3Request) throws(S3Error) {
        for (name, value) in request.headers where name.utf8.count >= 28 && !value.isEmpty {
            let name = name.lowercased()
            guard Self.isEncryption(name) else { continue }
            guard let use = Self.names[name] else {
                throw S3Error(.notImplemented, details: [.init("Header", name)])
            }
            guard contains(use) else { throw Self.unsupported(name, value) }
        }
        for name in request.query.names where Self.isEncryption(name.lowercased()) {
            throw S3Error(.notImplemented, details: [.init("Header", name)])
        }
    }

    /// Whether a header's name, in lower case, is about encryption.
    static func isEncryption(_ name: String) -> Bool {
        prefixes.contains { name.hasPrefix($0) }
    }

    /// A key is never said back.
    private static func unsupported(_ name: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            "\(name) header is not supported for this operation.",
            details: [
                .init("ArgumentName", name),
                .init("ArgumentValue", names[name] == .target ? value : "null"),
            ]
        )
    }
}

/// The names of the headers that say how something new is to be encrypted.
enum EncryptionHeader {
    static let method = "x-amz-server-side-encryption"
    static let keyID = "x-amz-server-side-encryption-aws-kms-key-id"
    static let context = "x-amz-server-side-encryption-context"
    static let bucketKey = "x-amz-server-side-encryption-bucket-key-enabled"
}
