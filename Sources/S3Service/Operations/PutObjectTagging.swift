import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tags an object, or a version of it, in place of the tags that it had.
///
/// [PutObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html)
struct PutObjectTagging: Operation {
    static let route = Route(.PUT, .object, query: ["tagging"], optional: ["versionId"])
    static let action: Action = "s3:PutObjectTagging"
    static let authorizesItself = true

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
        let action: Action =
            object.version == .latest ? Self.action : "s3:PutObjectVersionTagging"
        try context.authorization.require(
            action,
            on: .object(bucket, key: object.key, object.version),
            told: RequestConditions.told(tags)
        )
        let found = try object.find(in: bucket, context.store, meansMarker: true)
        try await context.store.setTags(
            tags.list,
            of: found,
            telling: try context.announcement(.tagged, in: bucket)
        )
        var response = S3Response()
        response.headers.addVersion(of: found, in: bucket)
        return response
    }
}
