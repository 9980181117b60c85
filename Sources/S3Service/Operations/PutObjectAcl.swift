import NIOHTTP1
import ObjectStore
import S3Protocol

/// Gives an object, or a version of it, an access control list in place of the one that it had.
///
/// [PutObjectAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html)
struct PutObjectAcl: Operation {
    static let route = Route(.PUT, .object, query: ["acl"], optional: ["versionId"])
    static let action: Action = "s3:PutObjectAcl"

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:PutObjectVersionAcl"
    }

    let bucket: String
    let subject: TaggedObject
    let headers: ACLHeaders

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        subject = try TaggedObject(request)
        headers = try ACLHeaders(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let access = try context.access(of: bucket)
        let object = try subject.find(in: bucket, context.store, meansMarker: true)
        let list = try await context.requestedList(
            headers,
            owner: context.owner(access.aclsCount ? object.ownerID : bucket.ownerID),
            bucketOwner: bucket.ownerID
        )
        var response = S3Response()
        response.headers.addVersion(of: object, in: bucket)
        guard access.aclsCount else {
            guard list.isPrivate(of: bucket.ownerID), !headers.namesAnotherList else {
                throw S3Error(.accessControlListNotSupported)
            }
            return response
        }
        let target = Authorization.Target.object(bucket, key: subject.key, subject.version)
        try context.refusePublic(list, access.block, Self.action, target)
        // S3 tells nobody of a list that was the same before.
        let isNew = try AccessControlList(of: object, context.store) != list
        try await context.store.setACL(
            list.stored,
            of: object,
            telling: isNew ? try context.announcement(.listed, in: bucket) : nil
        )
        return response
    }
}
