import NIOHTTP1
import S3Protocol

/// Keeps one of a bucket's inventory configurations.
///
/// [PutBucketInventoryConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html)
struct PutBucketInventoryConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["inventory"])
    static let action: Action = "s3:PutInventoryConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.inventory, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.put(context)
    }
}
