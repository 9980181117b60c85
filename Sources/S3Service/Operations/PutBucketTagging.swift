import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tags a bucket, in place of the tags that it had; with none, it has none.
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
        try await context.store.set(Self.setting, to: Self.stored(tags.list), of: bucket)
        return S3Response(.noContent)
    }

    /// The document of tags as the store keeps it; no tags are no document.
    static func stored(_ tags: [Field]) -> [UInt8]? {
        tags.isEmpty ? nil : Array(XMLWriter.tagging(tags).readableBytesView)
    }
}
