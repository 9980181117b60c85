import NIOHTTP1
import ObjectStore
import S3Protocol

/// Takes the setting away: objects are their writers' then.
///
/// [DeleteBucketOwnershipControls](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html)
struct DeleteBucketOwnershipControls: Operation {
    static let route = Route(.DELETE, .bucket, query: ["ownershipControls"])
    static let action: Action = "s3:PutBucketOwnershipControls"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(ObjectOwnership.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
