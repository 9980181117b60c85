import NIOHTTP1
import ObjectStore
import S3Protocol

/// Serves a bucket as a website no longer.
///
/// [DeleteBucketWebsite](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html)
struct DeleteBucketWebsite: Operation {
    static let route = Route(.DELETE, .bucket, query: ["website"])
    static let action: Action = "s3:DeleteBucketWebsite"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(WebsiteConfiguration.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
