import NIOHTTP1
import S3Protocol

/// Forgets one of a bucket's tiering configurations.
///
/// [DeleteBucketIntelligentTieringConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketIntelligentTieringConfiguration.html)
struct DeleteBucketIntelligentTieringConfiguration: Operation {
    static let route = Route(.DELETE, .bucket, query: ["intelligent-tiering"])
    static let action: Action = "s3:PutIntelligentTieringConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.intelligentTiering, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.delete(context)
    }
}
