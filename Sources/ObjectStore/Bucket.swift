public import S3Protocol

/// A bucket as it is known at a moment.
public struct Bucket: Sendable, Hashable {
    /// The index's own number for it, never used again for another bucket of the same name.
    public let id: Int64
    /// The name.
    public let name: String
    /// The account that owns it.
    public let ownerID: Account.ID
    /// The region it was made in.
    public let region: String
    /// When it was made.
    public let created: Timestamp
}
