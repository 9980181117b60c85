import ObjectStore
import Policy
import S3Protocol

extension Authorization {
    /// Actions that an object's owner decides about, where that is not the bucket's owner.
    ///
    /// They read the object and what belongs to it. Writing and deleting are the bucket's.
    private static let objectActions: Set<Action> = [
        "s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAcl", "s3:GetObjectVersionAcl",
        "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:GetObjectAttributes",
        "s3:GetObjectVersionAttributes", "s3:GetObjectTagging", "s3:GetObjectVersionTagging",
        "s3:PutObjectTagging", "s3:PutObjectVersionTagging", "s3:DeleteObjectTagging",
        "s3:DeleteObjectVersionTagging",
    ]

    /// What a permission on a bucket's or an object's list stands for.
    ///
    /// [Mapping of ACL permissions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping)
    private static let permissions: [Action: Grant.Permission] = [
        "s3:ListBucket": .read, "s3:ListBucketVersions": .read,
        "s3:ListBucketMultipartUploads": .read,
        "s3:PutObject": .write, "s3:DeleteObject": .write, "s3:AbortMultipartUpload": .write,
        "s3:GetBucketAcl": .readACP, "s3:PutBucketAcl": .writeACP,
        "s3:GetObject": .read, "s3:GetObjectVersion": .read, "s3:GetObjectTorrent": .read,
        "s3:GetObjectAttributes": .read, "s3:GetObjectVersionAttributes": .read,
        "s3:GetObjectAcl": .readACP, "s3:GetObjectVersionAcl": .readACP,
        "s3:PutObjectAcl": .writeACP, "s3:PutObjectVersionAcl": .writeACP,
    ]

    /// Actions for which a bucket's list is only good where what they undo is the caller's own.
    ///
    /// WRITE lets everybody who has it create objects; deletions it allows to the owners of what is deleted, and a
    /// version for good to the bucket's owner alone, who needs no list for it. An upload is its initiator's.
    private static let undoing: Set<Action> = ["s3:DeleteObject", "s3:AbortMultipartUpload"]

    /// The object that a request is about, where its owner has a say.
    func objectInQuestion(_ action: Action, _ target: Target) throws -> StoredObject? {
        guard Self.objectActions.contains(action),
            case .object(let bucket, let key, let version) = target
        else { return nil }
        return try store.version(version, of: key, in: bucket)
    }

    /// Whether a list lets the caller's account do it.
    func isListed(
        _ action: Action,
        _ target: Target,
        _ settings: BucketAccess,
        _ object: StoredObject?
    ) throws -> Bool {
        guard settings.aclsCount, !ignoresLists, let bucket = target.bucket,
            let permission = Self.permissions[action]
        else { return false }
        let list: AccessControlList
        if Self.objectActions.contains(action) {
            guard let object else { return false }
            list = try AccessControlList(of: object, store)
        } else {
            guard try !Self.undoing.contains(action) || isOwn(target) else { return false }
            list = settings.acl ?? .private(of: bucket.ownerID)
        }
        return list.allows(permission, to: caller, ignoringPublic: settings.block.ignoresPublicACLs)
    }

    /// Whether the object, or the upload that the request names, is the caller's account's.
    private func isOwn(_ target: Target) throws -> Bool {
        guard case .object(let bucket, let key, let version) = target else { return false }
        let owner: Account.ID?
        if let id = request.query["uploadId"] {
            do {
                owner = try store.upload(id, key: key, in: bucket).ownerID
            } catch let error as S3Error where error.code == .noSuchUpload {
                owner = nil
            }
        } else {
            owner = try store.version(version, of: key, in: bucket)?.ownerID
        }
        return owner == caller.account.id
    }
}
