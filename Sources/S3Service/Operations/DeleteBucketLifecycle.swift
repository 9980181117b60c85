import NIOHTTP1
import ObjectStore
import S3Protocol

/// Leaves a bucket's objects as they are from now on; there being no lifecycle is success too.
///
/// [DeleteBucketLifecycle](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html)
struct DeleteBucketLifecycle: Operation {
    static let route = Route(.DELETE, .bucket, query: ["lifecycle"])
    static let action: Action = "s3:PutLifecycleConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.setLifecycle(nil, of: bucket)
        return S3Response(.noContent)
    }
}
