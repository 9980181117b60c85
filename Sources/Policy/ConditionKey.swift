/// The names of what conditions can look at.
///
/// [Condition keys for Amazon S3](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys)
enum ConditionKey {
    /// Keys whose part after a slash is a name in its own case.
    private static let named: Set = [
        "s3:existingobjecttag", "s3:requestobjecttag", "s3:buckettag", "aws:principaltag",
        "aws:requesttag", "aws:resourcetag",
    ]

    private static let s3: Set = [
        "s3:accessgrantsinstancearn", "s3:accesspointnetworkorigin", "s3:accesspointtag",
        "s3:authtype", "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "s3:delimiter",
        "s3:if-match", "s3:if-none-match", "s3:jobsuspendedcause", "s3:locationconstraint",
        "s3:max-keys", "s3:object-lock-legal-hold", "s3:object-lock-mode",
        "s3:object-lock-remaining-retention-days", "s3:object-lock-retain-until-date",
        "s3:objectcreationoperation", "s3:prefix", "s3:requestobjecttagkeys",
        "s3:resourceaccount", "s3:signatureage", "s3:signatureversion", "s3:tlsversion",
        "s3:versionid", "s3:x-amz-acl", "s3:x-amz-content-sha256", "s3:x-amz-copy-source",
        "s3:x-amz-grant-full-control", "s3:x-amz-grant-read", "s3:x-amz-grant-read-acp",
        "s3:x-amz-grant-write", "s3:x-amz-grant-write-acp", "s3:x-amz-metadata-directive",
        "s3:x-amz-object-ownership", "s3:x-amz-server-side-encryption",
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "s3:x-amz-server-side-encryption-customer-algorithm", "s3:x-amz-storage-class",
        "s3:x-amz-website-redirect-location", "s3:inventoryaccessibleoptionalfields",
        "s3:destinationregion", "s3:isreplicationpauserequest",
    ]

    /// Whether there is such a key, in any case; a user's policy may name other services' too.
    static func isKnown(_ name: String, inBucketPolicy: Bool) -> Bool {
        let key = normalized(name)
        let parts = key.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return false }
        let base = key.prefix { $0 != "/" }
        if named.contains(String(base)) { return base.count < key.count - 1 }
        switch parts[0] {
        case "s3": return s3.contains(key)
        case "aws": return true
        default: return !inBucketPolicy
        }
    }

    /// A key as requests are asked for it: keys have no case, the names of tags do.
    static func normalized(_ name: String) -> String {
        let base = name.prefix { $0 != "/" }
        guard base.endIndex < name.endIndex, named.contains(base.lowercased()) else {
            return name.lowercased()
        }
        return base.lowercased() + name[base.endIndex...]
    }
}
