import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tags an object, or a version of it, in place of the tags that it had.
///
/// [PutObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html)
struct PutObjectTagging: Operation {
    static let route = Route(.PUT, .object, query: ["tagging"], optional: ["versionId"])
    static let action: Action = "s3:PutObjectTagging"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:PutObjectVersionTagging"
    }

    let bucket: String
    let object: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let tags = try Tags(document: try await context.payload.document(), of: .object)
        let found = try object.find(in: bucket, context.store)
        try await context.store.setTags(tags.list, of: found)
        var response = S3Response()
        response.headers.addVersion(of: found, in: bucket)
        return response
    }
}
