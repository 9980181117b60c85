import ObjectStore
import S3Protocol

/// What an operation may use.
struct Context: Sendable {
    let store: Store
    let caller: Caller
    let payload: Payload
    let configuration: ServiceConfiguration
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
}

/// The version that a request names.
///
/// Without versioning an object has the one version `null`, and no other exists.
enum ObjectVersionID: Sendable, Hashable {
    case current
    case null

    /// Reads `versionId`.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` where it is empty or could not be an id,
    ///   `NoSuchVersion` where it could.
    init(_ text: String?, key: String) throws(S3Error) {
        switch text {
        case nil: self = .current
        case "null": self = .null
        case let text?:
            guard text.utf8.count == 32 else {
                throw S3Error(
                    .invalidArgument,
                    text.isEmpty
                        ? "Version id cannot be the empty string" : "Invalid version id specified",
                    details: [
                        .init("ArgumentName", "versionId"), .init("ArgumentValue", text),
                    ]
                )
            }
            throw S3Error(
                .noSuchVersion,
                details: [.init("Key", key), .init("VersionId", text)]
            )
        }
    }
}
