import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells where the access log of a bucket goes; an empty document where there is none.
///
/// [GetBucketLogging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html)
struct GetBucketLogging: Operation {
    static let route = Route(.GET, .bucket, query: ["logging"])
    static let action: Action = "s3:GetBucketLogging"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let logging = try BucketLogging(of: bucket, context.store)
        return S3Response(
            xml: LoggingConfiguration.document(logging.configuration, context.store.directory)
        )
    }
}
