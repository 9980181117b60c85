import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says what a bucket refuses to open to everybody.
///
/// [PutPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html)
struct PutPublicAccessBlock: Operation {
    static let route = Route(.PUT, .bucket, query: ["publicAccessBlock"])
    static let action: Action = "s3:PutBucketPublicAccessBlock"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let block = try PublicAccessBlock(document: try await context.payload.document())
        try await context.store.set(PublicAccessBlock.setting, to: block.stored, of: bucket)
        return S3Response()
    }
}
