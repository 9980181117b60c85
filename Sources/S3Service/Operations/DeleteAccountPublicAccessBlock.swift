import NIOHTTP1
import ObjectStore
import S3Protocol

/// Ends an account's refusing to open anything to everybody.
///
/// [DeletePublicAccessBlock](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_DeletePublicAccessBlock.html)
struct DeleteAccountPublicAccessBlock: Operation {
    static let route = Route(.DELETE, .account)
    static let action: Action = "s3:PutAccountPublicAccessBlock"

    private let account: String

    init(_ request: S3Request) throws(S3Error) {
        account = request.header("x-amz-account-id") ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        try context.requireOwn(account: account)
        try await context.store.directory.set(
            PublicAccessBlock.setting,
            to: nil,
            of: context.caller.account.id
        )
        return S3Response(.noContent)
    }
}
