import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Has a bucket encrypt what says nothing about it, and names the encryptions that it does not take.
///
/// [PutBucketEncryption](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html)
struct PutBucketEncryption: Operation {
    static let route = Route(.PUT, .bucket, query: ["encryption"])
    static let action: Action = "s3:PutEncryptionConfiguration"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let configuration = try BucketEncryption(document: try await context.payload.document())
        guard !configuration.usesBucketKey || !context.configuration.isStrict else {
            throw Ledger.strictRefusal(of: "BucketKeyEnabled")
        }
        try await context.store.set(
            BucketEncryption.setting,
            to: Array(configuration.document.readableBytesView),
            of: bucket
        )
        var response = S3Response()
        if configuration.usesBucketKey { response.headers.addStoredOnly("BucketKeyEnabled") }
        return response
    }
}
