import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what an account refuses to open to everybody in any of its buckets.
///
/// [GetPublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetPublicAccessBlock.html)
struct GetAccountPublicAccessBlock: Operation {
    static let route = Route(.GET, .account)
    static let action: Action = "s3:GetAccountPublicAccessBlock"

    private let account: String

    init(_ request: S3Request) throws(S3Error) {
        account = request.header("x-amz-account-id") ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        try context.requireOwn(account: account)
        guard
            let stored = context.store.directory.setting(
                PublicAccessBlock.setting,
                of: context.caller.account.id
            )
        else { throw S3Error(.noSuchPublicAccessBlockConfiguration) }
        return S3Response(xml: try PublicAccessBlock(stored: stored).accountDocument)
    }
}
