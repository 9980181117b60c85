import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Gives a bucket locks, and its new versions a retention; once given, a bucket keeps its locks.
///
/// [PutObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html)
struct PutObjectLockConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["object-lock"])
    static let action: Action = "s3:PutBucketObjectLockConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        try ChecksumHeaders.requireDigest(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try await context.payload.document()
        let configuration = try LockConfiguration(document: document)
        guard bucket.versioning == .enabled else {
            throw S3Error(
                .invalidBucketState,
                "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
            )
        }
        try await context.store.set(
            LockConfiguration.setting,
            to: Array(configuration.document.readableBytesView),
            of: bucket
        )
        return S3Response()
    }
}
