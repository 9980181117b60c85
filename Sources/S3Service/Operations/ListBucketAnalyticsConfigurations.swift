import NIOHTTP1
import S3Protocol

/// Lists a bucket's analytics configurations, a hundred at a time.
///
/// [ListBucketAnalyticsConfigurations](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketAnalyticsConfigurations.html)
struct ListBucketAnalyticsConfigurations: Operation {
    static let route = Route(.GET, .bucket, query: ["analytics"])
    static let action: Action = "s3:GetAnalyticsConfiguration"

    private let list: NamedConfigurationList

    init(_ request: S3Request) throws(S3Error) {
        list = try NamedConfigurationList(.analytics, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try list.run(in: context)
    }
}
