import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says where the access log of a bucket is to go, or that there is to be none.
///
/// Whether the target lets logs in is seen when they are delivered.
///
/// [PutBucketLogging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html)
struct PutBucketLogging: Operation {
    static let route = Route(.PUT, .bucket, query: ["logging"])
    static let action: Action = "s3:PutBucketLogging"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        guard context.caller.account.id == bucket.ownerID else {
            throw S3Error(
                .accessDenied,
                logged: "logging is for the bucket's owner's account alone"
            )
        }
        let document = try await context.payload.document()
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let directory = context.store.directory
        let configuration = try LoggingConfiguration(
            document: document.readableBytesView,
            directory
        )
        if let configuration { try Self.check(configuration, of: bucket, context) }
        let stored = configuration.map {
            Array(LoggingConfiguration.document($0, directory).readableBytesView)
        }
        try await context.store.set(LoggingConfiguration.setting, to: stored, of: bucket)
        return S3Response()
    }

    private static func check(
        _ configuration: LoggingConfiguration,
        of bucket: Bucket,
        _ context: Context
    ) throws {
        guard let target = try? context.store.bucket(configuration.targetBucket) else {
            throw refusal("The target bucket for logging does not exist", configuration)
        }
        guard target.ownerID == bucket.ownerID else {
            throw refusal(
                "The owner for the bucket to be logged and the target bucket must be the same.",
                configuration
            )
        }
        guard target.region == bucket.region else {
            throw S3Error(
                .crossLocationLoggingProhibited,
                details: [.init("TargetBucket", target.name)]
            )
        }
        guard try configuration.grants.isEmpty || context.access(of: target).aclsCount else {
            throw S3Error(.accessControlListNotSupported)
        }
    }

    private static func refusal(
        _ message: String,
        _ configuration: LoggingConfiguration
    ) -> S3Error {
        S3Error(
            .invalidTargetBucketForLogging,
            message,
            details: [.init("TargetBucket", configuration.targetBucket)]
        )
    }
}
