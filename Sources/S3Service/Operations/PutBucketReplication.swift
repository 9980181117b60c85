import NIOHTTP1
import ObjectStore
import S3Protocol

/// Keeps the rules by which a bucket would be copied to others.
///
/// [PutBucketReplication](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html)
struct PutBucketReplication: Operation {
    static let route = Route(.PUT, .bucket, query: ["replication"])
    static let action: Action = "s3:PutReplicationConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard bucket.versioning == .enabled else {
            throw S3Error(
                .invalidRequest,
                "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
            )
        }
        let body = try await context.payload.document()
        let document = try ReplicationConfiguration.read(body, for: bucket, context.store)
        try await context.store.set(ReplicationConfiguration.setting, to: document, of: bucket)
        return S3Response()
    }
}
