import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what a bucket refuses to open to everybody.
///
/// [GetPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html)
struct GetPublicAccessBlock: Operation {
    static let route = Route(.GET, .bucket, query: ["publicAccessBlock"])
    static let action: Action = "s3:GetBucketPublicAccessBlock"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let stored = try context.store.setting(PublicAccessBlock.setting, of: bucket) else {
            throw S3Error(
                .noSuchPublicAccessBlockConfiguration,
                details: [.init("BucketName", bucket.name)]
            )
        }
        return S3Response(xml: ByteBuffer(bytes: stored))
    }
}
