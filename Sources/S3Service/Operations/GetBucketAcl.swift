import NIOHTTP1
import ObjectStore
import S3Protocol

/// Answers the access control list of a bucket.
///
/// [GetBucketAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html)
struct GetBucketAcl: Operation {
    static let route = Route(.GET, .bucket, query: ["acl"])
    static let action: Action = "s3:GetBucketAcl"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let access = try context.access(of: bucket)
        // Where lists do not count, what there is says so: the owner has all of it.
        let list = (access.aclsCount ? access.acl : nil) ?? .private(of: bucket.ownerID)
        let owner = context.owner(bucket.ownerID)
        return S3Response(xml: list.document(owner: owner, context.store.directory))
    }
}
