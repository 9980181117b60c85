import NIOHTTP1
import S3Protocol

/// Lists a bucket's inventory configurations, a hundred at a time.
///
/// [ListBucketInventoryConfigurations](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketInventoryConfigurations.html)
struct ListBucketInventoryConfigurations: Operation {
    static let route = Route(.GET, .bucket, query: ["inventory"])
    static let action: Action = "s3:GetInventoryConfiguration"

    private let list: NamedConfigurationList

    init(_ request: S3Request) throws(S3Error) {
        list = try NamedConfigurationList(.inventory, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try list.run(in: context)
    }
}
