import ObjectStore
import Policy
import S3Protocol

/// What an operation may use.
struct Context: Sendable {
    let authorization: Authorization
    let payload: Payload
    let configuration: ServiceConfiguration
    /// The bucket that the request names, for which the operation's own action has been allowed.
    let target: Bucket?
    /// The operation's name.
    let operation: String
    /// What the request is known by.
    let ids: RequestIDs
    /// Tells of changes.
    let announcer: Announcer
    /// Where a request that deletes many keys writes them down for the access log.
    let deletions: DeletionJournal?

    var store: Store { authorization.store }
    var caller: Caller { authorization.caller }
    /// When the request came.
    var now: Timestamp { authorization.now }

    /// The bucket that the request names.
    ///
    /// - Throws: ``S3Error`` with `NoSuchBucket`.
    func bucket(_ name: String) throws(S3Error) -> Bucket {
        guard let target, target.name == name else { throw S3Error(.noSuchBucket) }
        return target
    }

    /// Another bucket of which an object is read, if the caller may read it.
    ///
    /// - Parameters:
    ///   - name: The bucket's name.
    ///   - key: The object's key.
    ///   - version: The version of the object.
    ///   - action: What is done to the object.
    /// - Returns: The bucket.
    /// - Throws: ``S3Error`` with `NoSuchBucket` or `AccessDenied`.
    func source(
        _ name: String,
        key: String,
        version: ObjectVersion,
        for action: Action
    ) throws -> Bucket {
        let bucket = try store.bucket(name)
        try store.checkOwner(
            of: bucket,
            expected: authorization.request.header("x-amz-source-expected-bucket-owner")
        )
        try authorization.requirePayer(of: bucket)
        try authorization.require(action, on: .object(bucket, key: key, version))
        return bucket
    }

    /// Whether the caller may also do something else than the operation's own action.
    ///
    /// - Parameters:
    ///   - action: What else is done.
    ///   - key: The object's key.
    ///   - bucket: The bucket's name.
    ///   - asWriter: Whether it is done to the object that the caller writes, and not to the one that is there.
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func require(
        _ action: Action,
        onObject key: String,
        in bucket: String,
        asWriter: Bool = false
    ) throws {
        try authorization.require(
            action,
            on: .object(try self.bucket(bucket), key: key, .latest),
            asWriter: asWriter
        )
    }

    /// The same as an answer: what is told or done only for those who may.
    func allows(_ action: Action, onObject key: String, in bucket: String) throws -> Bool {
        try authorization.allows(action, on: .object(try self.bucket(bucket), key: key, .latest))
    }

    /// What the bucket says about who may use it.
    func access(of bucket: Bucket) throws -> BucketAccess {
        try authorization.access.settings(of: bucket, store)
    }

    /// Whose what the caller adds to a bucket is, where no list is asked for.
    func writer(in bucket: Bucket) throws -> Account.ID {
        try access(of: bucket).aclsCount ? caller.account.id : bucket.ownerID
    }

    /// The account that owns a bucket or an object.
    func owner(_ id: Account.ID) -> Account { store.directory.account(id) ?? .anonymous }
}

extension Context {
    /// Fails where a request believes to be about another account than the caller's.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func requireOwn(account number: String) throws(S3Error) {
        guard number == caller.account.number else {
            throw S3Error(.accessDenied, logged: "x-amz-account-id is another account's")
        }
    }
}

extension Store {
    /// Fails where a request believes a bucket to belong to somebody else.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func checkOwner(of bucket: Bucket, expected number: String?) throws(S3Error) {
        guard let number, number != directory.account(bucket.ownerID)?.number else { return }
        guard number.utf8.count == 12, number.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw S3Error(
                .invalidBucketOwnerAccountID,
                "The value of the expected bucket owner parameter must be an AWS Account ID... "
                    + "[\(number)]"
            )
        }
        throw S3Error(.accessDenied, logged: "bucket \(bucket.name) belongs to another account")
    }
}
