import NIOHTTP1
import S3Protocol

/// Lists a bucket's metrics configurations, a hundred at a time.
///
/// [ListBucketMetricsConfigurations](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html)
struct ListBucketMetricsConfigurations: Operation {
    static let route = Route(.GET, .bucket, query: ["metrics"])
    static let action: Action = "s3:GetMetricsConfiguration"

    private let list: NamedConfigurationList

    init(_ request: S3Request) throws(S3Error) {
        list = try NamedConfigurationList(.metrics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try list.run(in: context)
    }
}
