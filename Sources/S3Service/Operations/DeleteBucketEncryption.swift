import NIOHTTP1
import ObjectStore
import S3Protocol

/// Has a bucket keep in clear what says nothing about encryption, as it did at first.
///
/// [DeleteBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html)
struct DeleteBucketEncryption: Operation {
    static let route = Route(.DELETE, .bucket, query: ["encryption"])
    static let action: Action = "s3:PutEncryptionConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(BucketEncryption.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
