import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Answers a bucket's policy as it was put.
///
/// [GetBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html)
struct GetBucketPolicy: Operation {
    static let route = Route(.GET, .bucket, query: ["policy"])
    static let action: Action = "s3:GetBucketPolicy"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try context.requireOwner(of: bucket)
        guard let document = try context.store.setting(PutBucketPolicy.setting, of: bucket) else {
            throw S3Error(.noSuchBucketPolicy, details: [.init("BucketName", bucket.name)])
        }
        var response = S3Response(headers: ["Content-Type": "application/json"])
        response.body = .bytes(ByteBuffer(bytes: document))
        return response
    }
}
