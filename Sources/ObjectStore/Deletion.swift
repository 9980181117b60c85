/// An object to delete, and the condition on which to.
public struct Deletion: Sendable {
    /// The key.
    public let key: String
    /// The version; the latest is not removed but hidden where its bucket keeps versions.
    public let version: ObjectVersion
    /// The account that a delete marker is to belong to.
    public let ownerID: Account.ID
    /// Decides whether it may go.
    public let check: WriteCheck

    /// Names an object to delete.
    public init(
        _ key: String,
        version: ObjectVersion = .latest,
        by ownerID: Account.ID,
        if check: @escaping WriteCheck = { _ in }
    ) {
        self.key = key
        self.version = version
        self.ownerID = ownerID
        self.check = check
    }
}

/// What a deletion did.
public struct Deleted: Sendable, Hashable {
    /// The version that is gone, if one is.
    public let removed: StoredObject?
    /// The delete marker that was added, if one was.
    public let marker: StoredObject?
}
