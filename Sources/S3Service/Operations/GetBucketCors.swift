import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells a bucket's rules for pages from elsewhere.
///
/// [GetBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html)
struct GetBucketCors: Operation {
    static let route = Route(.GET, .bucket, query: ["cors"])
    static let action: Action = "s3:GetBucketCORS"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let document = try context.store.setting(CORSConfiguration.setting, of: bucket) else {
            throw S3Error(.noSuchCORSConfiguration, details: [.init("BucketName", bucket.name)])
        }
        return S3Response(xml: ByteBuffer(bytes: document))
    }
}
