import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells how a bucket is served as a website.
///
/// [GetBucketWebsite](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html)
struct GetBucketWebsite: Operation {
    static let route = Route(.GET, .bucket, query: ["website"])
    static let action: Action = "s3:GetBucketWebsite"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let document = try context.store.setting(WebsiteConfiguration.setting, of: bucket)
        else {
            throw S3Error(.noSuchWebsiteConfiguration, details: [.init("BucketName", bucket.name)])
        }
        return S3Response(xml: ByteBuffer(bytes: document))
    }
}
