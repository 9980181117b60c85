import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells whether a bucket has locks, and the retention that its new versions get.
///
/// [GetObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html)
struct GetObjectLockConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["object-lock"])
    static let action: Action = "s3:GetBucketObjectLockConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let configuration = try LockConfiguration(of: bucket, context.store) else {
            throw S3Error(
                .objectLockConfigurationNotFound,
                details: [.init("BucketName", bucket.name)]
            )
        }
        return S3Response(xml: configuration.document)
    }
}
