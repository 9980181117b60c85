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
        let constraint = try await constraint(in: context)
        try authorize(constraint, context)
        let region = try checked(constraint, context.configuration)
        let access = try access(in: context)
        do {
            // Locks need versions, so a bucket that is made with them keeps versions from the start.
            let locks = Array(LockConfiguration().document.readableBytesView)
            _ = try await context.store.createBucket(
                name,
                owner: context.caller.account.id,
                region: region,
                versioning: hasLocks ? .enabled : nil,
                settings: hasLocks
                    ? access.merging([LockConfiguration.setting: locks]) { $1 } : access
            )
        } catch let error as S3Error
            where error.code == .bucketAlreadyOwnedByYou && region == "us-east-1"
        {
            // The oldest region answers its owner's second try with success; AWS documents it so.
            try await resetList(in: context)
        }
        let location = isVirtualHost ? "/" : "/\(name)"
        var response = S3Response(headers: ["Location": location])
        response.headers.addRegion(region, context.configuration)
        return response
    }

    /// Asks for the permissions, the region in view.
    private func authorize(_ constraint: String?, _ context: Context) throws {
        let target = Authorization.Target.newBucket(name)
        try context.authorization.require(
            Self.action,
            on: target,
            told: constraint.map { ["s3:locationconstraint": [$0]] } ?? [:]
        )
        if !acl.isEmpty { try context.authorization.require(PutBucketAcl.action, on: target) }
        guard ownership != nil else { return }
        try context.authorization.require(PutBucketOwnershipControls.action, on: target)
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

    /// The region that the document asks for, if it does.
    private func constraint(in context: Context) async throws -> String? {
        let body = try await context.payload.document()
        guard body.readableBytes > 0 else { return nil }
        let document = try XMLElement.parse(
            body.readableBytesView,
            root: "CreateBucketConfiguration"
        )
        guard document["Location"] == nil, document["Bucket"] == nil else {
            throw S3Error(.notImplemented, "Directory buckets are not implemented.")
        }
        guard document["Tags"] == nil else {
            throw S3Error(.notImplemented, "Tags of buckets are not implemented.")
        }
        return document["LocationConstraint"]?.trimmed
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
