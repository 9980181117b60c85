import NIOHTTP1
import S3Protocol

/// Keeps one of a bucket's metrics configurations.
///
/// [PutBucketMetricsConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html)
struct PutBucketMetricsConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["metrics"])
    static let action: Action = "s3:PutMetricsConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.metrics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.put(context)
    }
}
