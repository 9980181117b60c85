import ArgumentParser
import Daemon

/// `pail user create`.
struct UserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a user with an access key.",
        discussion:
            "Without a policy named, the user gets AmazonS3FullAccess, as the account it belongs to."
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var options: UserOptions

    @Option(help: "The name of the account, made if it is missing (default: the root account).")
    var account: String?

    @Option(
        help: "One of AWS's policies, such as AmazonS3FullAccess, or a file with one; repeatable."
    )
    var policy: [String] = []

    @Option(help: "The access key ID, instead of one that is made up.")
    var accessKey: String?

    @Option(help: "The secret access key, instead of one that is made up.")
    var secretKey: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let user = try await options.administration().createUser(
            name,
            account: account,
            policies: policy.isEmpty ? ["AmazonS3FullAccess"] : policy,
            accessKey: accessKey,
            secretKey: secretKey
        )
        print(json ? user.jsonText : user.text)
    }
}
