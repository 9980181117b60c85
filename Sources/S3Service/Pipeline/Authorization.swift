import ObjectStore
import Policy
import S3Protocol

/// Decides whether a request may do what it asks for: the one place where policies, lists and the block
/// of public access meet.
///
/// [How S3 authorizes a request](https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html),
/// docs/access.md
struct Authorization: Sendable {
    let caller: Caller
    let request: S3Request
    let store: Store
    let access: AccessCache
    let region: String
    let now: Timestamp
    /// Whether lists give nothing, to see what they are needed for.
    var ignoresLists = false

    /// What an action is done to.
    enum Target: Sendable {
        /// All of S3, as ListBuckets asks.
        case service
        /// A bucket that is to be made.
        case newBucket(String)
        case bucket(Bucket)
        case object(Bucket, key: String, ObjectVersion)
        /// What is not S3's, by its ARN, and belongs to the caller's own account.
        case other(String)

        var bucket: Bucket? {
            switch self {
            case .service, .newBucket, .other: nil
            case .bucket(let bucket), .object(let bucket, _, _): bucket
            }
        }

        /// The target as policies name it.
        var resource: String {
            switch self {
            // Policies allow s3:ListAllMyBuckets on this as well as on "*".
            case .service: "arn:aws:s3:::*"
            case .other(let arn): arn
            case .newBucket(let name): "arn:aws:s3:::\(name)"
            case .bucket(let bucket): "arn:aws:s3:::\(bucket.name)"
            case .object(let bucket, let key, _): "arn:aws:s3:::\(bucket.name)/\(key)"
            }
        }
    }

    /// What a request's operation is done to.
    ///
    /// - Throws: ``S3Error`` with `NoSuchBucket`, or `AccessDenied` where the request believes the bucket to
    ///   be another account's.
    func target(of operation: any Operation.Type) throws -> Target {
        guard request.level != .service, request.level != .account else { return .service }
        guard operation != CreateBucket.self else { return .newBucket(request.bucket) }
        let bucket = try store.bucket(request.bucket)
        try store.checkOwner(
            of: bucket,
            expected: request.header("x-amz-expected-bucket-owner")
        )
        guard request.level == .object else { return .bucket(bucket) }
        let version = try? VersionParameter.read(request.query["versionId"])
        return .object(bucket, key: request.key, version ?? .latest)
    }

    /// Fails unless the caller may do it.
    ///
    /// - Parameters:
    ///   - action: The permission.
    ///   - target: What it is done to.
    ///   - told: What only the body tells, by condition key.
    ///   - asWriter: Whether it is about an object that the caller is about to write: the bucket decides, whoever owns what
    ///     is there. Who may write by a list may also say who reads it.
    /// - Throws: ``S3Error`` with `AccessDenied`; the log is told which statement of which policy decided.
    func require(
        _ action: Action,
        on target: Target,
        told: [String: [String]] = [:],
        asWriter: Bool = false
    ) throws {
        guard let bucket = target.bucket else { return try requireOwnAccount(action, target, told) }
        let settings = try access.settings(of: bucket, store)
        if isPlainOwner(of: bucket, settings) { return }
        if isOwnersRoot(of: bucket), Self.neverLockedOut.contains(action) { return }
        let object = try settings.aclsCount && !asWriter ? objectInQuestion(action, target) : nil
        var policies = AccessPolicies(
            identity: caller.rights,
            resource: settings.policy,
            isOwn: caller.account.id == object?.ownerID ?? bucket.ownerID
        )
        policies.session = caller.temporary?.policies
        policies.reach = reach(of: settings, in: bucket, object)
        policies.isListed =
            try asWriter
            ? action == PutObjectAcl.action && isListed("s3:PutObject", target, settings, nil)
            : isListed(action, target, settings, object)
        try decide(action, target, policies, told)
    }

    /// The same as an answer: what is told or done only for those who may.
    ///
    /// - Throws: What looking up a condition's value throws.
    func allows(
        _ action: Action,
        on target: Target,
        told: [String: [String]] = [:]
    ) throws -> Bool {
        do {
            try require(action, on: target, told: told)
            return true
        } catch let error as S3Error where error.code == .accessDenied {
            return false
        }
    }

    /// Actions that a bucket's policy cannot take from the root of its owner.
    private static let neverLockedOut: Set<Action> = [
        "s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy",
    ]

    /// The way of most requests, which costs nothing: the root of the owner, and no policy of the bucket.
    private func isPlainOwner(of bucket: Bucket, _ settings: BucketAccess) -> Bool {
        settings.policy == nil && !settings.aclsCount && isOwnersRoot(of: bucket)
    }

    private func isOwnersRoot(of bucket: Bucket) -> Bool {
        guard case .root(let account) = caller.identity else { return false }
        return account.id == bucket.ownerID
    }

    /// What is no bucket yet, or no bucket at all, only the caller's own account can allow.
    private func requireOwnAccount(
        _ action: Action,
        _ target: Target,
        _ told: [String: [String]]
    ) throws {
        guard !caller.isAnonymous else {
            throw S3Error(.accessDenied, logged: "\(action.name): the request is not signed")
        }
        var policies = AccessPolicies(identity: caller.rights, isOwn: true)
        policies.session = caller.temporary?.policies
        try decide(action, target, policies, told)
    }

    /// Fails unless policies allow it.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func decide(
        _ action: Action,
        _ target: Target,
        _ policies: AccessPolicies,
        _ told: [String: [String]]
    ) throws {
        let question = AccessRequest(
            caller.requester,
            action.name,
            on: target.resource,
            values: RequestConditions(authorization: self, target: target, told: told)
        )
        let decision = try policies.decide(question)
        guard !decision.isAllowed else { return }
        var denial = denial(decision, of: question, isOwn: policies.isOwn)
        denial.explanation = try policies.explanation(of: question)
        throw denial
    }

    private func reach(
        of settings: BucketAccess,
        in bucket: Bucket,
        _ object: StoredObject?
    ) -> AccessPolicies.Reach {
        // A bucket's policy gives what is its owner's to give; a deny holds for everything in it.
        if let object, object.ownerID != bucket.ownerID { return .nobody }
        guard settings.block.restrictsPublicBuckets, settings.isPolicyPublic else { return .all }
        return caller.account.id == bucket.ownerID ? .all : .nobody
    }
}
