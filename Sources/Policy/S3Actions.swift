/// The actions of S3, and what each can happen to.
///
/// [Actions defined by Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-actions-as-permissions)
enum S3Actions {
    /// What an action happens to.
    enum Level: Sendable, Hashable {
        case bucket
        case object
    }

    /// Whether a pattern means any of the actions.
    static func matches(_ pattern: Pattern) -> Bool { !levels(of: pattern).isEmpty }

    /// What the actions of a pattern happen to.
    static func levels(of pattern: Pattern) -> Set<Level> {
        let wildcard = Wildcard(pattern.source, ignoringCase: true)
        var levels: Set<Level> = []
        if object.contains(where: { wildcard.matches("s3:\($0)") }) { levels.insert(.object) }
        if bucket.contains(where: { wildcard.matches("s3:\($0)") }) { levels.insert(.bucket) }
        return levels
    }

    /// What the resources of a pattern are: a bucket's name alone, or with keys behind it.
    static func levels(ofResource source: String) -> Set<Level> {
        if source.contains("/") { return [.object] }
        // Without a slash, a star at the end may stand for a slash and a key.
        return source.contains("*") ? [.bucket, .object] : [.bucket]
    }

    private static let object: [String] = [
        "AbortMultipartUpload", "BypassGovernanceRetention", "DeleteObject", "DeleteObjectTagging",
        "DeleteObjectVersion", "DeleteObjectVersionTagging", "GetObject", "GetObjectAcl",
        "GetObjectAttributes", "GetObjectLegalHold", "GetObjectRetention", "GetObjectTagging",
        "GetObjectTorrent", "GetObjectVersion", "GetObjectVersionAcl",
        "GetObjectVersionAttributes", "GetObjectVersionForReplication", "GetObjectVersionTagging",
        "GetObjectVersionTorrent", "InitiateReplication", "ListMultipartUploadParts",
        "ObjectOwnerOverrideToBucketOwner", "PutObject", "PutObjectAcl", "PutObjectLegalHold",
        "PutObjectRetention", "PutObjectTagging", "PutObjectVersionAcl",
        "PutObjectVersionTagging", "ReplicateDelete", "ReplicateObject", "ReplicateTags",
        "RestoreObject", "UpdateObjectEncryption",
    ]

    private static let bucket: [String] = [
        "CreateBucket", "CreateBucketMetadataTableConfiguration", "DeleteBucket",
        "DeleteBucketMetadataTableConfiguration", "DeleteBucketOwnershipControls",
        "DeleteBucketPolicy", "DeleteBucketPublicAccessBlock", "DeleteBucketTagging",
        "DeleteBucketWebsite", "GetAccelerateConfiguration", "GetAnalyticsConfiguration",
        "GetBucketAbac", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketLogging",
        "GetBucketMetadataTableConfiguration", "GetBucketNotification",
        "GetBucketObjectLockConfiguration", "GetBucketOwnershipControls", "GetBucketPolicy",
        "GetBucketPolicyStatus", "GetBucketPublicAccessBlock", "GetBucketRequestPayment",
        "GetBucketTagging", "GetBucketVersioning", "GetBucketWebsite",
        "GetEncryptionConfiguration", "GetIntelligentTieringConfiguration",
        "GetInventoryConfiguration", "GetLifecycleConfiguration", "GetMetricsConfiguration",
        "GetReplicationConfiguration", "ListBucket", "ListBucketMultipartUploads",
        "ListBucketVersions", "ListTagsForResource", "PutAccelerateConfiguration",
        "PutAnalyticsConfiguration",
        "PutBucketAbac", "PutBucketAcl", "PutBucketCORS", "PutBucketLogging",
        "PutBucketNotification", "PutBucketObjectLockConfiguration",
        "PutBucketOwnershipControls", "PutBucketPolicy", "PutBucketPublicAccessBlock",
        "PutBucketRequestPayment", "PutBucketTagging", "PutBucketVersioning", "PutBucketWebsite",
        "PutEncryptionConfiguration", "PutIntelligentTieringConfiguration",
        "PutInventoryConfiguration", "PutLifecycleConfiguration", "PutMetricsConfiguration",
        "PutReplicationConfiguration", "TagResource", "UntagResource",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
    ]
}
