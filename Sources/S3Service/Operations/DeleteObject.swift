import NIOHTTP1
import ObjectStore
import S3Protocol

/// Deletes the object at a key; there being none is success too.
///
/// [DeleteObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html)
struct DeleteObject: Operation {
    static let route = Route(.DELETE, .object, optional: ["versionId"])
    static let action: Action = "s3:DeleteObject"

    let bucket: String
    let key: String
    let version: ObjectVersionID
    let conditions: DeleteConditions

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        version = try ObjectVersionID(request.query["versionId"], key: request.key)
        conditions = DeleteConditions(etag: request.header("if-match"))
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try await context.store.delete(key, in: bucket) { try conditions.check($0) }
        return S3Response(.noContent)
    }
}
