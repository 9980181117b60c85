import NIOHTTP1
import ObjectStore
import S3Protocol

/// Answers the access control list of an object, or of a version of it.
///
/// [GetObjectAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html)
struct GetObjectAcl: Operation {
    static let route = Route(.GET, .object, query: ["acl"], optional: ["versionId"])
    static let action: Action = "s3:GetObjectAcl"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:GetObjectVersionAcl"
    }

    let bucket: String
    let subject: TaggedObject

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        subject = try TaggedObject(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let object = try subject.find(in: bucket, context.store)
        let counts = try context.access(of: bucket).aclsCount
        let ownerID = counts ? object.ownerID : bucket.ownerID
        let list =
            try counts ? AccessControlList(of: object, context.store) : .private(of: ownerID)
        let owner = context.owner(ownerID)
        var response = S3Response(xml: list.document(owner: owner, context.store.directory))
        response.headers.addVersion(of: object, in: bucket)
        return response
    }
}
