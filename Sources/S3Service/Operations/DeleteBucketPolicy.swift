import NIOHTTP1
import ObjectStore
import S3Protocol

/// Takes a bucket's policy away; there being none is success too.
///
/// [DeleteBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html)
struct DeleteBucketPolicy: Operation {
    static let route = Route(.DELETE, .bucket, query: ["policy"])
    static let action: Action = "s3:DeleteBucketPolicy"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try context.requireOwner(of: bucket)
        try await context.store.set(PutBucketPolicy.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
