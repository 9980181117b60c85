import ObjectStore
import S3Protocol

/// What an operation may use.
struct Context: Sendable {
    let store: Store
    let caller: Caller
    let payload: Payload
    let configuration: ServiceConfiguration
    /// When the request came.
    let now: Timestamp
    /// The account that the request believes its bucket to belong to.
    let expectedOwner: String?

    /// The bucket of a name, if the caller may see it.
    ///
    /// - Throws: ``S3Error`` with `NoSuchBucket`, or `AccessDenied` where another account owns it.
    func bucket(_ name: String) throws -> Bucket {
        let bucket = try store.bucket(name)
        guard bucket.ownerID == caller.account.id else {
            throw S3Error(
                .accessDenied,
                logged: "bucket \(name) belongs to account \(bucket.ownerID)"
            )
        }
        guard expectedOwner == nil || expectedOwner == caller.account.number else {
            throw S3Error(.accessDenied, logged: "x-amz-expected-bucket-owner is another account")
        }
        return bucket
    }

    /// Whether the caller may also do something else than the operation's own action.
    func require(_ action: Action, onObject key: String, in bucket: String) throws(S3Error) {
        try caller.require(action, on: "arn:aws:s3:::\(bucket)/\(key)")
    }

    /// The same as an answer: what is told or done only for those who may.
    func allows(_ action: Action, onObject key: String, in bucket: String) -> Bool {
        do {
            try require(action, onObject: key, in: bucket)
            return true
        } catch {
            return false
        }
    }
}
