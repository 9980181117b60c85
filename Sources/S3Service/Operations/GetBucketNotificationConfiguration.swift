import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells who is told of what happens to a bucket's objects; an empty document where nobody is.
///
/// GetBucketNotification, the older operation, is the same request.
///
/// [GetBucketNotificationConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html)
struct GetBucketNotificationConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["notification"])
    static let action: Action = "s3:GetBucketNotification"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let settings = try BucketNotifications(of: bucket, context.store)
        let none = NotificationConfiguration(rules: [], tellsBridge: false)
        return S3Response(xml: (settings.configuration ?? none).document)
    }
}
