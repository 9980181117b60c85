import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells how a bucket encrypts what says nothing about it.
///
/// [GetBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html)
struct GetBucketEncryption: Operation {
    static let route = Route(.GET, .bucket, query: ["encryption"])
    static let action: Action = "s3:GetEncryptionConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard let document = try context.store.setting(BucketEncryption.setting, of: bucket) else {
            throw S3Error(
                .encryptionConfigurationNotFound,
                details: [.init("BucketName", bucket.name)]
            )
        }
        var response = S3Response(xml: ByteBuffer(bytes: document))
        if try BucketEncryption(document: ByteBuffer(bytes: document)).usesBucketKey {
            response.headers.addStoredOnly("BucketKeyEnabled")
        }
        return response
    }
}
