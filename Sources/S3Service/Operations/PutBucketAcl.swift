import NIOHTTP1
import ObjectStore
import S3Protocol

/// Gives a bucket an access control list, in place of the one that it had.
///
/// [PutBucketAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html)
struct PutBucketAcl: Operation {
    static let route = Route(.PUT, .bucket, query: ["acl"])
    static let action: Action = "s3:PutBucketAcl"

    let bucket: String
    let headers: ACLHeaders

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        headers = try ACLHeaders(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let access = try context.access(of: bucket)
        let list = try await context.requestedList(
            headers,
            owner: context.owner(bucket.ownerID),
            bucketOwner: bucket.ownerID
        )
        guard access.aclsCount else {
            guard list.isPrivate(of: bucket.ownerID), !headers.namesAnotherList else {
                throw S3Error(.accessControlListNotSupported)
            }
            return S3Response()
        }
        try context.refusePublic(list, access.block, Self.action, .bucket(bucket))
        try await context.store.set(AccessControlList.setting, to: list.stored, of: bucket)
        return S3Response()
    }
}
