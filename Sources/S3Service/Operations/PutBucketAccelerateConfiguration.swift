import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Keeps whether a bucket would be reached by the nearest edge of a network that there is none of here.
///
/// [PutBucketAccelerateConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAccelerateConfiguration.html)
struct PutBucketAccelerateConfiguration: Operation {
    static let route = Route(.PUT, .bucket, query: ["accelerate"])
    static let action: Action = "s3:PutAccelerateConfiguration"

    /// The name of the document in the store.
    static let setting = "accelerate"
    private static let shape = DocumentShape.elements([
        .one("Status", .word(["Enabled", "Suspended"]))
    ])

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let body = try await context.payload.document()
        guard body.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(body.readableBytesView, root: "AccelerateConfiguration")
        guard !bucket.name.contains(".") else {
            throw S3Error(
                .invalidRequest,
                "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names"
            )
        }
        try Self.shape.check(root)
        let document = Self.shape.document("AccelerateConfiguration", root)
        try await context.store.set(Self.setting, to: document, of: bucket)
        return S3Response()
    }
}
