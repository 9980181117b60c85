import NIOHTTP1
import S3Protocol

/// Tells one of a bucket's analytics configurations.
///
/// [GetBucketAnalyticsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAnalyticsConfiguration.html)
struct GetBucketAnalyticsConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["analytics", "id"])
    static let action: Action = "s3:GetAnalyticsConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.analytics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try configuration.get(context)
    }
}
