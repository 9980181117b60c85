/// What became of a folder that was put into a store.
public struct SeedReport: Sendable, Hashable {
    /// The buckets that were made or filled, in the order of their names.
    public var buckets: [String] = []
    /// How many objects were put.
    public var objects = 0
    /// How many bytes they have together.
    public var bytes: Int64 = 0
    /// What was left out: buckets that had something in them already, and what lies beside the buckets.
    public var skipped: [String] = []
}
