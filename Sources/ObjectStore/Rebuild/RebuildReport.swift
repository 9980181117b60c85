/// What an index was rebuilt from, and what is not in it.
public struct RebuildReport: Sendable, Hashable {
    /// The old index's name in the data folder, where there was one.
    public var oldIndex: String?
    /// Rows that could be read of the old index.
    public var salvagedRows: Int64 = 0
    /// Tables of the old index that could not be read to their ends.
    public var damagedTables: [String] = []
    /// Versions of objects that were made anew from the blobs' records.
    public var rebuiltVersions: Int64 = 0
    /// Buckets that were made anew because blobs name them.
    public var rebuiltBuckets: [String] = []
    /// Whether an earlier run had made the index and was interrupted before it could tell of it.
    public var wasInterrupted = false
    /// Blobs that are not in the index, and lie in the quarantine now, each with the reason.
    public var setAside: [Finding] = []

    /// Makes a report of nothing.
    public init() {}

    /// What only the old index knew, and what of it could not be read: a sentence each.
    public var lost: [String] {
        if wasInterrupted {
            return ["what an earlier run would have said: it made the index, and was interrupted"]
        }
        if oldIndex != nil, damagedTables.isEmpty { return [] }
        let all: [(tables: Set<String>, words: String)] = [
            (
                [
                    "accounts", "identities", "identity_policies", "access_keys", "members",
                    "policies",
                    "policy_versions", "sessions", "account_settings", "key_uses",
                ],
                "accounts, users, groups, roles, their policies and access keys: make them anew; the root account's "
                    + "canonical ID is a new one"
            ),
            (
                ["buckets", "bucket_settings"],
                "buckets that are empty, and every bucket's settings: policy, CORS, lifecycle, tags, encryption, public "
                    + "access, default retention"
            ),
            (
                ["versions", "blobs"],
                "objects of up to 8 KiB, which are in the index alone, and copies; identifiers of versions, delete markers "
                    + "(what they hid is seen again), tags, locks, classes and restores as they were changed later"
            ),
            (
                ["segments"], "objects of parts whose manifest does not say all"
            ),
            (["acls"], "access control lists: the objects are their owners' alone"),
            (["uploads", "upload_parts"], "uploads in parts that were under way"),
            (["messages"], "notifications that nobody has fetched yet"),
        ]
        return all.filter { oldIndex == nil || !$0.tables.isDisjoint(with: damagedTables) }
            .map(\.words)
    }
}
