import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tags a bucket, in place of the tags that it had.
///
/// [PutBucketTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html)
struct PutBucketTagging: Operation {
    static let route = Route(.PUT, .bucket, query: ["tagging"])
    static let action: Action = "s3:PutBucketTagging"

    /// The name of the document in the store.
    static let setting = "tagging"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let tags = try Tags(document: try await context.payload.document(), of: .bucket)
        let document = Array(XMLWriter.tagging(tags.list).readableBytesView)
        try await context.store.set(Self.setting, to: document, of: bucket)
        return S3Response(.noContent)
    }
}
