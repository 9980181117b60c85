import NIOHTTP1
import ObjectStore
import S3Protocol

/// Removes all tags of a bucket.
///
/// [DeleteBucketTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html)
struct DeleteBucketTagging: Operation {
    static let route = Route(.DELETE, .bucket, query: ["tagging"])
    static let action: Action = "s3:PutBucketTagging"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(PutBucketTagging.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
