import ObjectStore
import Policy
import S3Protocol

/// What a bucket says about who may use it, read once for each change of it.
struct BucketAccess: BucketSettings {
    /// The bucket's policy, if it has one.
    let policy: PolicyDocument?
    /// Whether the policy lets in anybody who is not named.
    let isPolicyPublic: Bool
    /// What the bucket or its owner's account refuses to open.
    let block: PublicAccessBlock
    let ownership: ObjectOwnership
    /// Whether other accounts pay for their requests.
    let requesterPays: Bool
    /// The bucket's own list; `nil` where it never got one.
    let acl: AccessControlList?

    /// Whether lists count: with BucketOwnerEnforced, S3's default, they do not.
    var aclsCount: Bool { ownership != .bucketOwnerEnforced }

    /// Reads what was put on a bucket.
    init(of bucket: Bucket, _ store: Store) throws {
        policy = try store.setting(PutBucketPolicy.setting, of: bucket).map {
            try PolicyDocument(json: String(decoding: $0, as: UTF8.self), ofBucket: bucket.name)
        }
        isPolicyPublic = policy?.isPublic ?? false
        let own =
            try store.setting(PublicAccessBlock.setting, of: bucket)
            .map { try PublicAccessBlock(stored: $0) } ?? PublicAccessBlock()
        block = own.united(with: try .ofAccount(bucket.ownerID, store))
        ownership =
            try store.setting(ObjectOwnership.setting, of: bucket)
            .flatMap { ObjectOwnership(rawValue: String(decoding: $0, as: UTF8.self)) }
            ?? .objectWriter
        requesterPays = RequestPayment.isRequester(
            try store.setting(RequestPayment.setting, of: bucket)
        )
        acl = try store.setting(AccessControlList.setting, of: bucket)
            .map { try AccessControlList(stored: $0) }
    }
}

/// The access settings of buckets that were asked about, until they change.
typealias AccessCache = BucketCache<BucketAccess>
