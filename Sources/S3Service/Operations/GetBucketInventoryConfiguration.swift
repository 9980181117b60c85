import NIOHTTP1
import S3Protocol

/// Tells one of a bucket's inventory configurations.
///
/// [GetBucketInventoryConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketInventoryConfiguration.html)
struct GetBucketInventoryConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["inventory", "id"])
    static let action: Action = "s3:GetInventoryConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.inventory, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try configuration.get(context)
    }
}
