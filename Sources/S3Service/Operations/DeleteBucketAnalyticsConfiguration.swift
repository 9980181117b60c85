import NIOHTTP1
import S3Protocol

/// Forgets one of a bucket's analytics configurations.
///
/// [DeleteBucketAnalyticsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketAnalyticsConfiguration.html)
struct DeleteBucketAnalyticsConfiguration: Operation {
    static let route = Route(.DELETE, .bucket, query: ["analytics"])
    static let action: Action = "s3:PutAnalyticsConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.analytics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.delete(context)
    }
}
