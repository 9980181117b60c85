import NIOHTTP1
import S3Protocol

/// Tells one of a bucket's metrics configurations.
///
/// [GetBucketMetricsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketMetricsConfiguration.html)
struct GetBucketMetricsConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["metrics", "id"])
    static let action: Action = "s3:GetMetricsConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.metrics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try configuration.get(context)
    }
}
