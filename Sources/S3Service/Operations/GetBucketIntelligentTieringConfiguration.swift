import NIOHTTP1
import S3Protocol

/// Tells one of a bucket's tiering configurations.
///
/// [GetBucketIntelligentTieringConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketIntelligentTieringConfiguration.html)
struct GetBucketIntelligentTieringConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["intelligent-tiering", "id"])
    static let action: Action = "s3:GetIntelligentTieringConfiguration"

    private let configuration: NamedConfiguration

    init(_ request: S3Request) throws(S3Error) {
        configuration = try NamedConfiguration(.intelligentTiering, request)
    }

    func run(in context: Context) async throws -> S3Response {
        try configuration.get(context)
    }
}
