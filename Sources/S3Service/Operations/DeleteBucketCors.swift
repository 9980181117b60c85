import NIOHTTP1
import ObjectStore
import S3Protocol

/// Closes a bucket to pages from elsewhere.
///
/// [DeleteBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html)
struct DeleteBucketCors: Operation {
    static let route = Route(.DELETE, .bucket, query: ["cors"])
    static let action: Action = "s3:PutBucketCORS"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(CORSConfiguration.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
