import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells the rules by which a bucket would be copied to others.
///
/// [GetBucketReplication](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html)
struct GetBucketReplication: Operation {
    static let route = Route(.GET, .bucket, query: ["replication"])
    static let action: Action = "s3:GetReplicationConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard
            let document = try context.store.setting(ReplicationConfiguration.setting, of: bucket)
        else {
            throw S3Error(
                .replicationConfigurationNotFound,
                details: [.init("BucketName", bucket.name)]
            )
        }
        return S3Response(xml: ByteBuffer(bytes: document))
    }
}
