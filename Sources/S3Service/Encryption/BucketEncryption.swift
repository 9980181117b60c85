import NIOCore
import ObjectStore
import Policy
import S3Protocol

/// How a bucket encrypts what says nothing about it, and what it does not take.
///
/// [PutBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html)
struct BucketEncryption: Sendable, Hashable {
    /// The encryption of new objects that ask for none.
    enum Standard: Sendable, Hashable {
        /// SSE-S3.
        case managed
        /// SSE-KMS, with the key as it was named.
        case named(String?)
    }

    /// The name of the document in the store.
    static let setting = "encryption"

    let standard: Standard?
    let usesBucketKey: Bool
    /// The encryptions that are not taken, as they were listed; `nil` where the document has no such list.
    let blockedTypes: [String]?

    var blocksCustomerKeys: Bool { blockedTypes?.contains("SSE-C") == true }

    /// What a bucket is configured to; `nil` where it never was.
    init?(of bucket: Bucket, _ store: Store) throws {
        guard let document = try store.setting(Self.setting, of: bucket) else { return nil }
        try self.init(document: ByteBuffer(bytes: document))
    }

    /// Reads a document.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`; `InvalidArgument` for a key where none belongs; `NotImplemented` for two
    ///   layers of encryption.
    init(document: ByteBuffer) throws(S3Error) {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(
            document.readableBytesView,
            root: "ServerSideEncryptionConfiguration"
        )
        let rules = root.all("Rule")
        guard rules.count == 1, let rule = rules.first else { throw S3Error(.malformedXML) }
        standard = try rule["ApplyServerSideEncryptionByDefault"]
            .map { element throws(S3Error) in try Standard(element) }
        switch rule["BucketKeyEnabled"]?.trimmed {
        case nil, "false": usesBucketKey = false
        case "true": usesBucketKey = true
        default: throw S3Error(.malformedXML)
        }
        blockedTypes = rule["BlockedEncryptionTypes"]?.all("EncryptionType").map(\.trimmed)
        guard standard != nil || blockedTypes != nil else { throw S3Error(.malformedXML) }
        guard blockedTypes?.allSatisfy({ ["NONE", "SSE-C"].contains($0) }) ?? true,
            blockedTypes?.isEmpty != true
        else { throw S3Error(.malformedXML) }
    }

    /// The document.
    var document: ByteBuffer {
        XMLWriter.document("ServerSideEncryptionConfiguration") { xml in
            xml.element("Rule") { xml in
                if let standard {
                    xml.element("ApplyServerSideEncryptionByDefault") { xml in
                        xml.element("SSEAlgorithm", standard == .managed ? "AES256" : "aws:kms")
                        if case .named(let name) = standard {
                            xml.element("KMSMasterKeyID", ifPresent: name)
                        }
                    }
                }
                xml.element("BucketKeyEnabled", usesBucketKey)
                if let blockedTypes {
                    xml.element("BlockedEncryptionTypes") { xml in
                        for type in blockedTypes { xml.element("EncryptionType", type) }
                    }
                }
            }
        }
    }

    /// The error for an object that the bucket does not take.
    static func blocked(key: String, in bucket: Bucket, _ context: Context) -> S3Error {
        S3Error(
            .accessDenied,
            "User: \(context.caller.requester.arn ?? "anonymous") is not authorized to perform: "
                + "s3:PutObject on resource: \"arn:aws:s3:::\(bucket.name)/\(key)\" because this bucket "
                + "has blocked upload requests that specify Server Side Encryption with Customer "
                + "provided keys (SSE-C). Please specify a different server-side encryption type",
            logged: "the bucket takes no objects under clients' keys"
        )
    }
}

extension BucketEncryption.Standard {
    fileprivate init(_ element: XMLElement) throws(S3Error) {
        let name = element["KMSMasterKeyID"]?.trimmed
        switch element["SSEAlgorithm"]?.trimmed {
        case "AES256":
            guard name == nil else {
                throw S3Error(
                    .invalidArgument,
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or "
                        + "aws:kms:dsse",
                    details: [.init("ArgumentName", "ApplyServerSideEncryptionByDefault")]
                )
            }
            self = .managed
        case "aws:kms": self = .named(name.flatMap { $0.isEmpty ? nil : $0 })
        case "aws:kms:dsse", "aws:fsx", "aws:backup":
            throw S3Error(
                .notImplemented,
                "Encryption by default is implemented for AES256 and aws:kms.",
                details: [.init("SSEAlgorithm", element["SSEAlgorithm"]?.trimmed ?? "")]
            )
        default: throw S3Error(.malformedXML)
        }
    }
}
