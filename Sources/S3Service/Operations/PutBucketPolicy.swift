import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol

/// Gives a bucket a policy, in place of the one that it had.
///
/// [PutBucketPolicy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html)
struct PutBucketPolicy: Operation {
    static let route = Route(.PUT, .bucket, query: ["policy"])
    static let action: Action = "s3:PutBucketPolicy"

    /// The name of the document in the store.
    static let setting = "policy"

    let bucket: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try context.requireOwner(of: bucket)
        let document = try await context.payload.document()
        let policy = try Self.read(document, bucket.name, context.store.directory)
        let block = try context.access(of: bucket).block
        guard !block.blocksPublicPolicy || !policy.isPublic else {
            throw context.authorization.blocked(
                Self.action,
                on: .bucket(bucket),
                what: "public policies",
                setting: "BlockPublicPolicy"
            )
        }
        let stored = Array(document.readableBytesView)
        try await context.store.set(Self.setting, to: stored, of: bucket)
        return S3Response(.noContent)
    }

    /// Reads a policy; a principal that is nobody here makes it none.
    ///
    /// - Throws: ``S3Error`` with `MalformedPolicy`.
    private static func read(
        _ document: ByteBuffer,
        _ bucket: String,
        _ directory: Directory
    ) throws(S3Error) -> PolicyDocument {
        do throws(PolicyError) {
            return try PolicyDocument(
                json: String(buffer: document),
                ofBucket: bucket,
                knows: { directory.knows($0) }
            )
        } catch {
            throw S3Error(.malformedPolicy, error.description)
        }
    }
}

extension Context {
    /// Fails for callers of another account, to whom a policy may give much, but not itself.
    ///
    /// - Throws: ``S3Error`` with `MethodNotAllowed`, as S3 documents it for the operations on policies.
    func requireOwner(of bucket: Bucket) throws(S3Error) {
        guard caller.account.id != bucket.ownerID else { return }
        throw S3Error(
            .methodNotAllowed,
            logged: "the policy of \(bucket.name) is for its owner's account alone"
        )
    }
}
