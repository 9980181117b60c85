import ObjectStore
import S3Protocol

/// The condition that a delete carries, in its header or for one key of many.
///
/// [Conditional deletes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html)
struct DeleteConditions: Sendable {
    private let match: ETagMatch?

    /// Reads the value of an `If-Match` header or an `ETag` element.
    init(etag: String?) { match = etag.map(ETagMatch.init) }

    /// Whether what is at the key now may be deleted; without a condition, nothing at all may too.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed`, or `NoSuchKey` where the condition meets nothing.
    func check(_ current: StoredObject?) throws(S3Error) {
        guard let match else { return }
        guard let current else { throw S3Error(.noSuchKey) }
        guard match.matches(current.etag) else { throw ReadConditions.failed("If-Match") }
    }
}
