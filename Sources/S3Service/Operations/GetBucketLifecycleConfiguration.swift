import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what happens to a bucket's objects by themselves.
///
/// GetBucketLifecycle, the older operation, is the same request.
///
/// [GetBucketLifecycleConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html)
struct GetBucketLifecycleConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["lifecycle"])
    static let action: Action = "s3:GetLifecycleConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let lifecycle = context.store.lifecycle(of: bucket) else {
            throw S3Error(
                .noSuchLifecycleConfiguration,
                details: [.init("BucketName", bucket.name)]
            )
        }
        return S3Response(
            headers: [TransitionMinimumHeader.name: lifecycle.transitionMinimum.rawValue],
            xml: lifecycle.document
        )
    }
}
