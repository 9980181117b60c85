import NIOHTTP1
import ObjectStore
import S3Protocol

/// Says what an account refuses to open to everybody in any of its buckets.
///
/// [PutPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutPublicAccessBlock.html)
struct PutAccountPublicAccessBlock: Operation {
    static let route = Route(.PUT, .account)
    static let action: Action = "s3:PutAccountPublicAccessBlock"

    private let account: String

    init(_ request: S3Request) throws(S3Error) {
        account = request.header("x-amz-account-id") ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        try context.requireOwn(account: account)
        let block = try PublicAccessBlock(document: try await context.payload.document())
        try await context.store.directory.set(
            PublicAccessBlock.setting,
            to: block.stored,
            of: context.caller.account.id
        )
        return S3Response(.created)
    }
}
