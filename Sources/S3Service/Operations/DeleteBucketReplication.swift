import NIOHTTP1
import ObjectStore
import S3Protocol

/// Forgets the rules by which a bucket would be copied to others.
///
/// [DeleteBucketReplication](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketReplication.html)
struct DeleteBucketReplication: Operation {
    static let route = Route(.DELETE, .bucket, query: ["replication"])
    static let action: Action = "s3:PutReplicationConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.set(ReplicationConfiguration.setting, to: nil, of: bucket)
        return S3Response(.noContent)
    }
}
