import NIOHTTP1
import ObjectStore
import S3Protocol

/// Ends a bucket's refusing to be open to everybody.
///
/// [DeletePublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html)
struct DeletePublicAccessBlock: Operation {
    static let route = Route(.DELETE, .bucket, query: ["publicAccessBlock"])
    static let action: Action = "s3:PutBucketPublicAccessBlock"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(PublicAccessBlock.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
