import NIOCore
import ObjectStore
import S3Protocol

/// To which buckets a bucket's objects would be copied: checked, kept and told, and nothing is copied.
///
/// [Replication configuration](https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html)
enum ReplicationConfiguration {
    /// The name of the document in the store.
    static let setting = "replication"
    /// What a document may have at most, as S3 has it.
    static let ruleLimit = 1000

    /// Reads a document, and answers it as it is kept.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidArgument` or `InvalidRequest`.
    static func read(
        _ body: ByteBuffer,
        for bucket: Bucket,
        _ store: Store
    ) throws(S3Error) -> [UInt8] {
        guard body.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(body.readableBytesView, root: "ReplicationConfiguration")
        try shape.check(root)
        let role = root["Role"]?.trimmed ?? ""
        guard role.hasPrefix("arn:aws:iam::"), role.contains(":role/") else {
            throw S3Error(
                .invalidArgument,
                "Invalid Amazon Resource Name (ARN)",
                details: [.init("ArgumentName", "Role"), .init("ArgumentValue", role)]
            )
        }
        let rules = root.all("Rule")
        try checkNames(rules)
        for rule in rules { try check(rule) }
        try checkPriorities(rules)
        try checkDestinations(rules, of: bucket, store)
        return shape.document("ReplicationConfiguration", root)
    }

    private static func checkNames(_ rules: [XMLElement]) throws(S3Error) {
        let ids = rules.compactMap { $0["ID"]?.text }.filter { !$0.isEmpty }
        guard Set(ids).count == ids.count else {
            throw S3Error(
                .invalidArgument,
                "Rule Id must be unique. Found same ID for more than one rule",
                details: [.init("ArgumentName", "ID")]
            )
        }
    }

    private static func check(_ rule: XMLElement) throws(S3Error) {
        guard let filter = rule["Filter"] else {
            // The first version of the schema: a prefix, and none of what came later.
            let later = ["Priority", "DeleteMarkerReplication", "ExistingObjectReplication"]
            guard rule["Prefix"] != nil, later.allSatisfy({ rule[$0] == nil }) else {
                throw S3Error(.malformedXML)
            }
            return
        }
        guard rule["Prefix"] == nil else { throw S3Error(.malformedXML) }
        try DocumentShape.checkFilter(filter)
        for name in ["Priority", "DeleteMarkerReplication"] where rule[name] == nil {
            throw S3Error(
                .invalidRequest,
                "\(name) must be specified for this version of Cross Region Replication configuration "
                    + "schema. Please refer to S3 Developer Guide for more information."
            )
        }
        let hasTags = filter["Tag"] != nil || filter["And"]?["Tag"] != nil
        guard !hasTags || rule["DeleteMarkerReplication"]?["Status"]?.trimmed != "Enabled" else {
            throw S3Error(
                .invalidRequest,
                "Delete marker replication is not supported if any Tag filter is specified. Please refer to "
                    + "S3 Developer Guide for more information."
            )
        }
    }

    private static func checkPriorities(_ rules: [XMLElement]) throws(S3Error) {
        let priorities = rules.compactMap { $0["Priority"]?.trimmed }
        guard Set(priorities).count == priorities.count else {
            throw S3Error(.invalidRequest, "Found duplicate priority across rules")
        }
    }

    private static func checkDestinations(
        _ rules: [XMLElement],
        of bucket: Bucket,
        _ store: Store
    ) throws(S3Error) {
        for rule in rules {
            let name = try S3Error.bucketName(inARN: rule["Destination"]?["Bucket"]?.trimmed)
            guard let destination = try? store.bucket(name) else {
                throw S3Error(.invalidRequest, "Destination bucket must exist.")
            }
            guard destination.id != bucket.id else {
                throw S3Error(
                    .invalidRequest,
                    "Destination bucket cannot be the same as the source bucket."
                )
            }
            guard destination.versioning == .enabled else {
                throw S3Error(.invalidRequest, "Destination bucket must have versioning enabled.")
            }
        }
    }
}

extension ReplicationConfiguration {
    private static let shape = DocumentShape.elements([
        .one("Role", .text(1...2048)),
        .many(
            "Rule",
            1...ruleLimit,
            .elements([
                .optional("ID", .text(0...255)),
                .optional("Priority", .number(0...Int(Int32.max))),
                .optional("Prefix", .key),
                .optional("Filter", .filter([.optional("Not", unwanted)])),
                .one("Status", .status),
                .optional(
                    "SourceSelectionCriteria",
                    .elements([
                        .optional("SseKmsEncryptedObjects", .switched),
                        .optional("ReplicaModifications", .switched),
                    ])
                ),
                .optional("ExistingObjectReplication", .switched),
                .one("Destination", destination),
                .optional("DeleteMarkerReplication", .elements([.optional("Status", .status)])),
            ])
        ),
    ])

    /// A choice of objects that are left out.
    private static let unwanted = DocumentShape.elements([
        .optional("Prefix", .key), .optional("Tag", .tag),
        .optional("Or", .elements([.many("Prefix", 0...10, .key), .many("Tag", 0...10, .tag)])),
    ])

    private static let minutes = DocumentShape.elements([.optional("Minutes", .number(15...15))])

    private static let destination = DocumentShape.elements([
        .one("Bucket", .text(1...256)),
        .optional("Account", .text(0...64)),
        .optional(
            "StorageClass",
            .word([
                "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA",
                "INTELLIGENT_TIERING", "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR",
            ])
        ),
        .optional(
            "AccessControlTranslation",
            .elements([.one("Owner", .word(["Destination"]))])
        ),
        .optional(
            "EncryptionConfiguration",
            .elements([
                .optional("ReplicaKmsKeyID", .text(1...2048)),
                .optional("UseSourceMultiRegionKey", .switched),
            ])
        ),
        .optional(
            "ReplicationTime",
            .elements([.one("Status", .status), .one("Time", minutes)])
        ),
        .optional(
            "Metrics",
            .elements([.one("Status", .status), .optional("EventThreshold", minutes)])
        ),
    ])
}
