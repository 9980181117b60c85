/// The query parameters that name something other than the bucket or object itself.
///
/// A request that names one is answered by an operation that claims it, or not at all. Other
/// parameters (`x-id`, a signature's, `response-*`) change nothing about which operation is meant.
enum Subresources {
    static let names: Set<String> = [
        "abac", "accelerate", "acl", "analytics", "annotation", "attributes", "cors", "delete",
        "encryption", "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location",
        "logging", "metadataAnnotationTable", "metadataConfiguration", "metadataInventoryTable",
        "metadataJournalTable", "metadataTable", "metrics", "notification", "object-lock",
        "ownershipControls", "partNumber", "policy", "policyStatus", "publicAccessBlock",
        "renameObject", "replication", "requestPayment", "restore", "retention", "select",
        "select-type", "session", "tagging", "torrent", "uploadId", "uploads", "versionId",
        "versioning", "versions", "website",
    ]
}
