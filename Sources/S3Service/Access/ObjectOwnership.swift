import ObjectStore
import S3Protocol

/// Whose the objects of a bucket are, and whether lists count.
///
/// [Object Ownership](https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html)
enum ObjectOwnership: String, Sendable, CaseIterable {
    /// All are the bucket owner's, and lists do not count: the default of new buckets.
    case bucketOwnerEnforced = "BucketOwnerEnforced"
    /// They are their writers', unless written with `bucket-owner-full-control`.
    case bucketOwnerPreferred = "BucketOwnerPreferred"
    /// They are their writers': what buckets without a setting have.
    case objectWriter = "ObjectWriter"

    /// The name of the setting in the store.
    static let setting = "ownership"

    /// The setting as it is stored.
    var stored: [UInt8] { Array(rawValue.utf8) }

    /// The ownership that the header of CreateBucket asks for; `nil` where it asks for none.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for one that S3 does not know.
    static func header(_ request: S3Request) throws(S3Error) -> ObjectOwnership? {
        let name = "x-amz-object-ownership"
        guard let text = request.header(name) else { return nil }
        guard let ownership = ObjectOwnership(rawValue: text) else {
            throw S3Error(
                .invalidArgument,
                "Invalid \(name) header: \(text)",
                details: [.init("ArgumentName", name), .init("ArgumentValue", text)]
            )
        }
        return ownership
    }
}
