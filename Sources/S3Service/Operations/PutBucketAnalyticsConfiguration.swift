import NIOHTTP1
import S3Protocol

/// Keeps one of a bucket's analytics configurations.
///
/// [PutBucketAnalyticsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html)
struct PutBucketAnalyticsConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["analytics"])
    static let action: Action = "s3:PutAnalyticsConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.analytics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.put(context)
    }
}
