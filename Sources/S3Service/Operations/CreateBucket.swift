import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Makes a bucket that belongs to the caller's account.
///
/// [CreateBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html)
struct CreateBucket: Operation {
    static let route = Route(.PUT, .bucket)
    static let action: Action = "s3:CreateBucket"
    /// What a bucket that is tagged from the start needs besides.
    static let tagAction: Action = "s3:TagResource"
    /// A policy may look at the region, which the body names.
    static let authorizesItself = true

    let name: String
    let isVirtualHost: Bool
    let hasLocks: Bool
    let acl: ACLHeaders
    let ownership: ObjectOwnership?

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
        isVirtualHost = request.address.isVirtualHost
        guard BucketName.isValid(name) else {
            throw S3Error(.invalidBucketName, details: [.init("BucketName", name)])
        }
        hasLocks = request.header("x-amz-bucket-object-lock-enabled")?.lowercased() == "true"
        acl = try ACLHeaders(request)
        ownership = try ObjectOwnership.header(request)
    }

    func run(in context: Context) async throws -> S3Response {
        guard !context.caller.isAnonymous else {
            throw S3Error(.accessDenied, logged: "a bucket needs an owner, so a signature")
        }
        let wanted = try await document(in: context)
        try authorize(wanted, context)
        let region = try checked(wanted.constraint, context.configuration)
        var settings = try access(in: context)
        settings[PutBucketTagging.setting] = PutBucketTagging.stored(wanted.tags.list)
        if hasLocks {
            settings[LockConfiguration.setting] = Array(
                LockConfiguration().document.readableBytesView
            )
        }
        do {
            // Locks need versions, so a bucket that is made with them keeps versions from the start.
            _ = try await context.store.createBucket(
                name,
                owner: context.caller.account.id,
                region: region,
                versioning: hasLocks ? .enabled : nil,
                settings: settings
            )
        } catch let error as S3Error
            where error.code == .bucketAlreadyOwnedByYou && region == "us-east-1"
            && wanted.tags.list.isEmpty
        {
            // The oldest region answers its owner's second try with success; AWS documents it so.
            try await resetList(in: context)
        }
        let location = isVirtualHost ? "/" : "/\(name)"
        var response = S3Response(
            headers: ["Location": location, "x-amz-bucket-arn": "arn:aws:s3:::\(name)"]
        )
        response.headers.addRegion(region, context.configuration)
        return response
    }

    /// Asks for the permissions, the region in view.
    private func authorize(_ wanted: Document, _ context: Context) throws {
        let target = Authorization.Target.newBucket(name)
        try context.authorization.require(
            Self.action,
            on: target,
            told: wanted.constraint.map { ["s3:locationconstraint": [$0]] } ?? [:]
        )
        var more: [Action] = wanted.tags.list.isEmpty ? [] : [Self.tagAction]
        // Whoever may make a bucket may say that it is private, as it would be without a word.
        if !acl.isEmpty, acl.canned != .ownerOnly { more.append(PutBucketAcl.action) }
        if hasLocks {
            more += [PutObjectLockConfiguration.action, PutBucketVersioning.action]
        }
        if ownership != nil { more.append(PutBucketOwnershipControls.action) }
        for action in more { try context.authorization.require(action, on: target) }
    }

    /// What the bucket has from the start, as far as access goes.
    private func access(in context: Context) throws -> [String: [UInt8]] {
        let defaults = context.configuration.bucketDefaults
        var settings = defaults.settings(ownership: ownership)
        let owner = context.caller.account.id
        guard let list = try acl.list(owner: owner, bucketOwner: owner, context.store.directory)
        else { return settings }
        guard (ownership ?? defaults.ownership) != .bucketOwnerEnforced else {
            guard list.isPrivate(of: owner) else {
                throw S3Error(.invalidBucketACLWithObjectOwnership)
            }
            return settings
        }
        let block = defaults.block.united(with: try .ofAccount(owner, context.store))
        guard !list.isPublic || !block.blocksPublicACLs else {
            throw S3Error(.invalidBucketACLWithBlockPublicAccess)
        }
        settings[AccessControlList.setting] = list.stored
        return settings
    }

    /// Gives a bucket that is made again the list that is asked for now, or none but its owner's, as AWS documents.
    private func resetList(in context: Context) async throws {
        let bucket = try context.store.bucket(name)
        let access = try context.access(of: bucket)
        guard access.aclsCount else { return }
        let owner = bucket.ownerID
        let list = try acl.list(owner: owner, bucketOwner: owner, context.store.directory)
        if let list { try context.refusePublic(list, access.block, Self.action, .bucket(bucket)) }
        try await context.store.set(AccessControlList.setting, to: list?.stored, of: bucket)
    }

    /// What the body asks for.
    private struct Document {
        /// The region, where one is named.
        var constraint: String?
        let tags: Tags
    }

    private func document(in context: Context) async throws -> Document {
        let body = try await context.payload.document()
        guard body.readableBytes > 0 else {
            return Document(tags: try Tags(set: nil, of: .newBucket))
        }
        let document = try XMLElement.parse(
            body.readableBytesView,
            root: "CreateBucketConfiguration"
        )
        guard document["Location"] == nil, document["Bucket"] == nil else {
            throw S3Error(.notImplemented, "Directory buckets are not implemented.")
        }
        return Document(
            constraint: document["LocationConstraint"]?.trimmed,
            tags: try Tags(set: document["Tags"], of: .newBucket)
        )
    }

    private func checked(
        _ constraint: String?,
        _ configuration: ServiceConfiguration
    ) throws(S3Error) -> String {
        guard let constraint, !constraint.isEmpty else { return configuration.region }
        let region = constraint == "EU" ? "eu-west-1" : constraint
        guard Self.isRegion(region) else {
            throw S3Error(
                .invalidLocationConstraint,
                details: [.init("LocationConstraint", constraint)]
            )
        }
        guard !configuration.isStrict || region == configuration.region else {
            throw S3Error(
                .illegalLocationConstraint,
                "The \(region) location constraint is incompatible for the region specific "
                    + "endpoint this request was sent to."
            )
        }
        return region
    }

    /// Whether a text has the shape of AWS's regions, such as `us-gov-east-1`.
    private static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), let number = parts.last, let area = parts.first,
            (2...3).contains(area.utf8.count)
        else { return false }
        return Int(number) != nil
            && parts.dropLast().allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (97...122).contains($0) }
            }
    }
}
