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
    /// Whether it keeps what is overwritten and deleted; `nil` where it never did.
    public var versioning: Versioning?
    /// Grows with each change of the bucket in this process: who keeps what a bucket's settings say asks
    /// anew where it has grown.
    public internal(set) var settingsRevision: UInt64 = 0
}

/// What a bucket does with the versions of its objects, once it began to keep them.
///
/// [How S3 Versioning works](https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html)
public enum Versioning: String, Sendable, Hashable {
    /// Each write adds a version with an identifier of its own.
    case enabled = "Enabled"
    /// Each write takes the place of the version without an identifier; the others stay.
    case suspended = "Suspended"
}
