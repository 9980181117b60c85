import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says whose the objects of a bucket are, and whether lists count.
///
/// [PutBucketOwnershipControls](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html)
struct PutBucketOwnershipControls: Operation {
    static let route = Route(.PUT, .bucket, query: ["ownershipControls"])
    static let action: Action = "s3:PutBucketOwnershipControls"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let ownership = try Self.read(try await context.payload.document())
        // With lists that reach others, turning lists off would shut somebody out unsaid.
        let list = try context.access(of: bucket).acl
        let isShared = list.map { !$0.isPrivate(of: bucket.ownerID) } ?? false
        guard ownership != .bucketOwnerEnforced || !isShared else {
            throw S3Error(.invalidBucketACLWithObjectOwnership)
        }
        try await context.store.set(ObjectOwnership.setting, to: ownership.stored, of: bucket)
        return S3Response()
    }

    private static func read(_ document: ByteBuffer) throws(S3Error) -> ObjectOwnership {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(document.readableBytesView, root: "OwnershipControls")
        let rules = root.all("Rule")
        guard rules.count == 1,
            let ownership = rules[0]["ObjectOwnership"]
                .flatMap({ ObjectOwnership(rawValue: $0.trimmed) })
        else { throw S3Error(.malformedXML) }
        return ownership
    }
}
