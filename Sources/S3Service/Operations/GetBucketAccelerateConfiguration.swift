import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what was said about acceleration; nothing is the default.
///
/// [GetBucketAccelerateConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html)
struct GetBucketAccelerateConfiguration: Operation {
    static let route = Route(.GET, .bucket, query: ["accelerate"])
    static let action: Action = "s3:GetAccelerateConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let setting = PutBucketAccelerateConfiguration.setting
        if let document = try context.store.setting(setting, of: bucket) {
            return S3Response(xml: ByteBuffer(bytes: document))
        }
        return S3Response(xml: XMLWriter.document("AccelerateConfiguration") { _ in })
    }
}
