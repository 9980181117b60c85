import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lets pages from elsewhere use a bucket from a browser, by rules in place of those that it had.
///
/// [PutBucketCors](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html)
struct PutBucketCors: Operation {
    static let route = Route(.PUT, .bucket, query: ["cors"])
    static let action: Action = "s3:PutBucketCORS"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let body = try await context.payload.document()
        let configuration = try CORSConfiguration(document: body.readableBytesView)
        let document = Array(XMLWriter.cors(configuration).readableBytesView)
        try await context.store.set(CORSConfiguration.setting, to: document, of: bucket)
        return S3Response()
    }
}
