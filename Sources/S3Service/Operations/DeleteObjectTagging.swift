import NIOHTTP1
import ObjectStore
import S3Protocol

/// Removes all tags of an object, or of a version of it.
///
/// [DeleteObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html)
struct DeleteObjectTagging: Operation {
    static let route = Route(.DELETE, .object, query: ["tagging"], optional: ["versionId"])
    static let action: Action = "s3:DeleteObjectTagging"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:DeleteObjectVersionTagging"
    }

    let bucket: String
    let object: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let found = try object.find(in: bucket, context.store, meansMarker: true)
        try await context.store.setTags(
            [],
            of: found,
            telling: try context.announcement(.untagged, in: bucket)
        )
        var response = S3Response(.noContent)
        response.headers.addVersion(of: found, in: bucket)
        return response
    }
}
