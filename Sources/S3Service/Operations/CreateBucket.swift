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

    let name: String
    let isVirtualHost: Bool
    let hasLocks: Bool

    init(_ request: S3Request) throws(S3Error) {
        name = request.bucket
        isVirtualHost = request.address.isVirtualHost
        guard BucketName.isValid(name) else {
            throw S3Error(.invalidBucketName, details: [.init("BucketName", name)])
        }
        hasLocks = request.header("x-amz-bucket-object-lock-enabled")?.lowercased() == "true"
        try CannedACL.check(request)
        // The owner of a bucket owns what is in it: AWS's default, and all there is here so far.
        let ownership = request.header("x-amz-object-ownership")
        guard ownership == nil || ownership == "BucketOwnerEnforced" else {
            throw S3Error(.notImplemented, details: [.init("Header", "x-amz-object-ownership")])
        }
    }

    func run(in context: Context) async throws -> S3Response {
        let region = try await region(in: context)
        do {
            // Locks need versions, so a bucket that is made with them keeps versions from the start.
            let locks = Array(LockConfiguration().document.readableBytesView)
            _ = try await context.store.createBucket(
                name,
                owner: context.caller.account.id,
                region: region,
                versioning: hasLocks ? .enabled : nil,
                settings: hasLocks ? [LockConfiguration.setting: locks] : [:]
            )
        } catch let error as S3Error
            where error.code == .bucketAlreadyOwnedByYou && region == "us-east-1"
        {
            // The oldest region answers its owner's second try with success; AWS documents it so.
        }
        let location = isVirtualHost ? "/" : "/\(name)"
        return S3Response(headers: ["Location": location])
    }

    /// The region that the document asks for, or the daemon's own.
    private func region(in context: Context) async throws -> String {
        let body = try await context.payload.document()
        let configuration = context.configuration
        guard body.readableBytes > 0 else {
            return try checked(nil, configuration)
        }
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
        return try checked(document["LocationConstraint"]?.trimmed, configuration)
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
