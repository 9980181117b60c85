import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says who pays for requests: a bucket's owner, or whoever makes them.
///
/// [PutBucketRequestPayment](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html)
struct PutBucketRequestPayment: Operation {
    static let route = Route(.PUT, .bucket, query: ["requestPayment"])
    static let action: Action = "s3:PutBucketRequestPayment"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let document = try RequestPayment.checked(try await context.payload.document())
        try await context.store.set(RequestPayment.setting, to: document, of: bucket)
        return S3Response()
    }
}
