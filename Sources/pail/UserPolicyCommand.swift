import ArgumentParser
import Daemon

/// `pail user policy`: what a user may do.
struct UserPolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract:
            "Attach, put, list and remove a user's policies; a running daemon heeds them at once.",
        subcommands: [Attach.self, Put.self, List.self, Remove.self]
    )

    /// The user that a policy command is about.
    struct User: ParsableArguments {
        @Argument(help: "The user's name.")
        var name: String

        @Option(help: "The name of the user's account (default: the root account).")
        var account: String?
    }

    struct Attach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "attach",
            abstract: "Attach a policy of AWS's or of the account's."
        )

        @OptionGroup var user: User

        @Argument(help: "The policy's name or ARN, such as AmazonS3ReadOnlyAccess.")
        var policy: String

        @OptionGroup var options: UserOptions

        func run() async throws {
            try await options.administration().attachPolicy(
                policy,
                to: user.name,
                account: user.account
            )
        }
    }

    struct Put: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "put",
            abstract: "Put a document on the user, in place of the one of its name."
        )

        @OptionGroup var user: User

        @Argument(help: "The policy's name.")
        var policy: String

        @Argument(help: "The file with the JSON document.")
        var file: String

        @OptionGroup var options: UserOptions

        func run() async throws {
            try await options.administration().putPolicy(
                policy,
                file: file,
                on: user.name,
                account: user.account
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the user's policies."
        )

        @OptionGroup var user: User

        @OptionGroup var options: UserOptions

        @Flag(help: "Print one JSON object a line, with the documents.")
        var json = false

        func run() async throws {
            let policies = try await options.administration().policies(
                of: user.name,
                account: user.account
            )
            for policy in policies { print(json ? policy.jsonText : policy.row) }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Take a policy from the user: detach it, or delete one of the user's own."
        )

        @OptionGroup var user: User

        @Argument(help: "The policy's name or ARN.")
        var policy: String

        @OptionGroup var options: UserOptions

        func run() async throws {
            try await options.administration().removePolicy(
                policy,
                from: user.name,
                account: user.account
            )
        }
    }
}
