import NIOHTTP1
import S3Protocol

/// Keeps one of a bucket's tiering configurations.
///
/// [PutBucketIntelligentTieringConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html)
struct PutBucketIntelligentTieringConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["intelligent-tiering"])
    static let action: Action = "s3:PutIntelligentTieringConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.intelligentTiering, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try await configuration.put(context)
    }
}
