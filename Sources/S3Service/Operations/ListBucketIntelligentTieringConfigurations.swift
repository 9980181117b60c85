import NIOHTTP1
import S3Protocol

/// Lists a bucket's tiering configurations, a hundred at a time.
///
/// [ListBucketIntelligentTieringConfigurations](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html)
struct ListBucketIntelligentTieringConfigurations: Operation {
    static let route = Route(.GET, .bucket, query: ["intelligent-tiering"])
    static let action: Action = "s3:GetIntelligentTieringConfiguration"

    private let list: NamedConfigurationList

    init(_ request: S3Request) throws(S3Error) {
        list = try NamedConfigurationList(.intelligentTiering, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try list.run(in: context)
    }
}
