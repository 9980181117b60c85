import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what a bucket is tagged with.
///
/// [GetBucketTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html)
struct GetBucketTagging: Operation {
    static let route = Route(.GET, .bucket, query: ["tagging"])
    static let action: Action = "s3:GetBucketTagging"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let document = try context.store.setting(PutBucketTagging.setting, of: bucket) else {
            throw S3Error(.noSuchTagSet, details: [.init("BucketName", bucket.name)])
        }
        return S3Response(xml: ByteBuffer(bytes: document))
    }
}
