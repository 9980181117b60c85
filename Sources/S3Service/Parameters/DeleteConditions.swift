import ObjectStore
import S3Protocol

/// The condition that a delete carries, in its header or for one key of many.
///
/// It is held to what is current at the key.
///
/// [Conditional deletes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html)
struct DeleteConditions: Sendable {
    private let match: ETagMatch?

    /// Reads the `If-Match` header.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented` where a version is named too, as AWS has it.
    init(_ request: S3Request) throws(S3Error) {
        let etag = request.header("if-match")
        guard etag == nil || request.query["versionId"] == nil else {
            throw S3Error(.notImplemented, details: [.init("Header", "If-Match")])
        }
        self.init(etag: etag)
    }

    /// Reads the value of an `ETag` element.
    init(etag: String?) { match = etag.map(ETagMatch.init) }

    /// Fails where the condition would tell a caller of an entity tag that it may not read.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func requireRight(toSee key: String, in bucket: Bucket, _ context: Context) throws {
        guard let match, match != .any else { return }
        try context.require(GetObject.action, onObject: key, in: bucket.name)
    }

    /// Whether what is at the key now may be deleted; without a condition, nothing at all may too.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed`, or `NoSuchKey` where the condition meets nothing.
    func check(_ current: StoredObject?) throws(S3Error) {
        guard let match else { return }
        guard let current else { throw S3Error(.noSuchKey) }
        guard match.matches(current.etag) else { throw ReadConditions.failed("If-Match") }
    }
}
