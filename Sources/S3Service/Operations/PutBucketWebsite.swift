import NIOHTTP1
import ObjectStore
import S3Protocol

/// Serves a bucket as a website.
///
/// [PutBucketWebsite](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html)
struct PutBucketWebsite: Operation {
    static let route = Route(.PUT, .bucket, query: ["website"])
    static let action: Action = "s3:PutBucketWebsite"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try WebsiteConfiguration.checked(try await context.payload.document())
        try await context.store.set(WebsiteConfiguration.setting, to: document, of: bucket)
        return S3Response()
    }
}
