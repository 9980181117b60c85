import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what an object, or a version of it, is tagged with.
///
/// [GetObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html)
struct GetObjectTagging: Operation {
    static let route = Route(.GET, .object, query: ["tagging"], optional: ["versionId"])
    static let action: Action = "s3:GetObjectTagging"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:GetObjectVersionTagging"
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
        var response = S3Response(xml: XMLWriter.tagging(found.tags))
        response.headers.addVersion(of: found, in: bucket)
        return response
    }
}
