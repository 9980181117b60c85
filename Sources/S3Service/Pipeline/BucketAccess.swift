import ObjectStore
import Policy
import S3Protocol
import Synchronization

/// What a bucket says about who may use it, read once for each change of it.
struct BucketAccess: Sendable {
    /// The bucket's policy, if it has one.
    let policy: PolicyDocument?
    /// Whether the policy lets in anybody who is not named.
    let isPolicyPublic: Bool
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
        block =
            try store.setting(PublicAccessBlock.setting, of: bucket)
            .map { try PublicAccessBlock(stored: $0) } ?? PublicAccessBlock()
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
final class AccessCache: Sendable {
    /// More buckets than one machine's clients use at a time; then it starts over.
    private static let capacity = 4096

    private struct Entry {
        let revision: UInt64
        let settings: BucketAccess
    }

    private let entries = Mutex<[Int64: Entry]>([:])

    /// The settings of a bucket, as they are now.
    func settings(of bucket: Bucket, _ store: Store) throws -> BucketAccess {
        let revision = bucket.settingsRevision
        if let entry = entries.withLock({ $0[bucket.id] }), entry.revision == revision {
            return entry.settings
        }
        // What is read now is of this revision or a later one; a later one is asked for by its number.
        let settings = try BucketAccess(of: bucket, store)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            if entries[bucket.id].map({ $0.revision <= revision }) ?? true {
                entries[bucket.id] = Entry(revision: revision, settings: settings)
            }
        }
        return settings
    }
}
