import S3Protocol

extension NamedConfiguration.Kind {
    private static let id = DocumentElement.one("Id", .text(1...64))

    /// Lists of a bucket's objects as files.
    ///
    /// [InventoryConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryConfiguration.html)
    static let inventory = Self(
        subresource: "inventory",
        root: "InventoryConfiguration",
        list: "ListInventoryConfigurationsResult",
        beginsWithDocuments: true,
        shape: .elements([
            .one("Destination", .elements([.one("S3BucketDestination", inventoryDestination)])),
            .one("IsEnabled", .flag),
            .optional("Filter", .elements([.one("Prefix", .key)])),
            id,
            .one("IncludedObjectVersions", .word(["All", "Current"])),
            .optional(
                "OptionalFields",
                .elements([.many("Field", 0...50, .word(inventoryFields))])
            ),
            .one("Schedule", .elements([.one("Frequency", .word(["Daily", "Weekly"]))])),
        ])
    ) { root throws(S3Error) in
        let destination = root["Destination"]?["S3BucketDestination"]
        try checkDestination(destination?["Bucket"]?.trimmed)
        if let encryption = destination?["Encryption"], encryption.children.count != 1 {
            throw S3Error(.malformedXML)
        }
        let fields = root["OptionalFields"]?.all("Field").map(\.trimmed) ?? []
        guard Set(fields).count == fields.count else { throw S3Error(.malformedXML) }
    }

    private static let inventoryDestination = DocumentShape.elements([
        .optional("AccountId", .text(0...64)),
        .one("Bucket", .text(1...256)),
        .one("Format", .word(["CSV", "ORC", "Parquet"])),
        .optional("Prefix", .key),
        .optional(
            "Encryption",
            .elements([
                .optional("SSE-S3", .elements([])),
                .optional("SSE-KMS", .elements([.one("KeyId", .text(1...2048))])),
            ])
        ),
    ])

    private static let inventoryFields = [
        "Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded",
        "ReplicationStatus", "EncryptionStatus", "ObjectLockRetainUntilDate", "ObjectLockMode",
        "ObjectLockLegalHoldStatus", "ObjectLockEventHoldStatus", "ObjectLockEventHoldDuration",
        "IntelligentTieringAccessTier", "BucketKeyStatus", "ChecksumAlgorithm",
        "ObjectAccessControlList", "ObjectOwner", "LifecycleExpirationDate",
        "IntelligentTieringReferenceDate",
    ]

    /// What is read and how often, to move it to another storage class.
    ///
    /// [AnalyticsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AnalyticsConfiguration.html)
    static let analytics = Self(
        subresource: "analytics",
        root: "AnalyticsConfiguration",
        list: "ListBucketAnalyticsConfigurationResult",
        shape: .elements([
            id,
            .optional("Filter", .filter()),
            .one("StorageClassAnalysis", .elements([.optional("DataExport", dataExport)])),
        ])
    ) { root throws(S3Error) in
        try DocumentShape.checkFilter(root["Filter"])
        guard let export = root["StorageClassAnalysis"]?["DataExport"] else { return }
        let destination = export["Destination"]?["S3BucketDestination"]
        try checkDestination(destination?["Bucket"]?.trimmed)
    }

    private static let dataExport = DocumentShape.elements([
        .one("OutputSchemaVersion", .word(["V_1"])),
        .one(
            "Destination",
            .elements([
                .one(
                    "S3BucketDestination",
                    .elements([
                        .one("Format", .word(["CSV"])),
                        .optional("BucketAccountId", .text(0...64)),
                        .one("Bucket", .text(1...256)),
                        .optional("Prefix", .key),
                    ])
                )
            ])
        ),
    ])

    /// Requests counted by what they are about.
    ///
    /// [MetricsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetricsConfiguration.html)
    static let metrics = Self(
        subresource: "metrics",
        root: "MetricsConfiguration",
        list: "ListMetricsConfigurationsResult",
        shape: .elements([
            id, .optional("Filter", .filter([.optional("AccessPointArn", .text(1...2048))])),
        ])
    ) { root throws(S3Error) in
        try DocumentShape.checkFilter(root["Filter"])
    }

    /// Archives for what is not read for a while.
    ///
    /// [IntelligentTieringConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_IntelligentTieringConfiguration.html)
    static let intelligentTiering = Self(
        subresource: "intelligent-tiering",
        root: "IntelligentTieringConfiguration",
        list: "ListBucketIntelligentTieringConfigurationsOutput",
        shape: .elements([
            id,
            .optional("Filter", .filter()),
            .one("Status", .status),
            .many(
                "Tiering",
                1...2,
                .elements([
                    .one("Days", .number(1...Int(Int32.max))),
                    .one("AccessTier", .word(["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])),
                ])
            ),
        ])
    ) { root throws(S3Error) in
        try DocumentShape.checkFilter(root["Filter"])
        try checkTiers(root.all("Tiering"))
    }

    private static func checkTiers(_ tiers: [XMLElement]) throws(S3Error) {
        guard Set(tiers.map { $0["AccessTier"]?.trimmed }).count == tiers.count else {
            throw S3Error(.malformedXML)
        }
        for tier in tiers {
            let name = tier["AccessTier"]?.trimmed ?? ""
            let fewest = name == "ARCHIVE_ACCESS" ? 90 : 180
            guard let days = tier["Days"].flatMap({ Int($0.trimmed) }),
                (fewest...730).contains(days)
            else {
                throw S3Error(
                    .invalidArgument,
                    "'Days' for \(name) must be between \(fewest) and 730.",
                    details: [
                        .init("ArgumentName", "Days"),
                        .init("ArgumentValue", tier["Days"]?.trimmed ?? ""),
                    ]
                )
            }
        }
    }

    /// Fails for the ARN of no bucket.
    private static func checkDestination(_ arn: String?) throws(S3Error) {
        do {
            _ = try S3Error.bucketName(inARN: arn)
        } catch {
            throw S3Error(.invalidS3DestinationBucket)
        }
    }
}
