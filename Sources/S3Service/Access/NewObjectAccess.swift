import NIOCore
import ObjectStore
import S3Protocol

extension Context {
    /// Whose a new object is, and its list, as the request asks and the bucket lets it.
    ///
    /// - Returns: The owner, and the list as it is stored; `nil` for a list of the owner alone.
    /// - Throws: ``S3Error`` with `AccessControlListNotSupported` in a bucket without lists, `AccessDenied`
    ///   for a public list where those are blocked, or one that the caller may not set.
    func ownership(
        of key: String,
        in bucket: Bucket,
        asking headers: ACLHeaders
    ) throws -> (owner: Account.ID, acl: [UInt8]?) {
        let settings = try access(of: bucket)
        guard settings.aclsCount else {
            guard headers.isEmpty || headers.canned == .bucketOwnerFullControl else {
                throw S3Error(.accessControlListNotSupported)
            }
            return (bucket.ownerID, nil)
        }
        let isGivenAway =
            settings.ownership == .bucketOwnerPreferred
            && headers.canned == .bucketOwnerFullControl
        let owner = isGivenAway ? bucket.ownerID : caller.account.id
        guard !headers.isEmpty else { return (owner, nil) }
        let target = Authorization.Target.object(bucket, key: key, .latest)
        try authorization.require("s3:PutObjectAcl", on: target, asWriter: true)
        let list = try headers.list(
            owner: owner,
            bucketOwner: bucket.ownerID,
            store.directory
        )
        if let list { try refusePublic(list, settings.block, "s3:PutObjectAcl", target) }
        return (owner, list?.stored)
    }

    /// Fails for a public list where those are blocked.
    func refusePublic(
        _ list: AccessControlList,
        _ block: PublicAccessBlock,
        _ action: Action,
        _ target: Authorization.Target
    ) throws(S3Error) {
        guard block.blocksPublicACLs, list.isPublic else { return }
        throw authorization.blocked(
            action,
            on: target,
            what: "public access control lists (ACLs)",
            setting: "BlockPublicAcls"
        )
    }

    /// The list of PutBucketAcl and PutObjectAcl: by headers, or by a document.
    func requestedList(
        _ headers: ACLHeaders,
        owner: Account,
        bucketOwner: Account.ID
    ) async throws -> AccessControlList {
        let document = try await payload.document()
        guard !headers.isEmpty else {
            guard document.readableBytes > 0 else {
                throw S3Error(
                    .missingSecurityHeader,
                    "Your request was missing a required header",
                    details: [.init("MissingHeaderName", "x-amz-acl")]
                )
            }
            return try AccessControlList(document: document, owner: owner, store.directory)
        }
        guard document.readableBytes == 0 else { throw S3Error(.unexpectedContent) }
        let list = try headers.list(
            owner: owner.id,
            bucketOwner: bucketOwner,
            store.directory
        )
        return list ?? .private(of: owner.id)
    }
}
