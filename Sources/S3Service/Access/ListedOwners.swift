import ObjectStore

/// Whose the objects of a listing are: in a bucket without lists all are its owner's.
struct ListedOwners {
    private let bucketOwner: Account
    private let counts: Bool
    private let context: Context

    init(of bucket: Bucket, _ context: Context) throws {
        bucketOwner = context.owner(bucket.ownerID)
        counts = try context.access(of: bucket).aclsCount
        self.context = context
    }

    subscript(_ id: Account.ID) -> Account {
        counts && id != bucketOwner.id ? context.owner(id) : bucketOwner
    }
}
