import ArgumentParser
import Daemon

/// `pail key`: the access keys of users.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract:
            "Make, list, disable, enable and delete access keys; a running daemon heeds it at once.",
        subcommands: [Create.self, List.self, Disable.self, Enable.self, Delete.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract:
                "Make another access key of a user, or of an account's root; its secret is told this once."
        )

        @Argument(help: "The user's name.")
        var user: String?

        @Flag(help: "Make it one of the account's root, who may do everything there.")
        var root = false

        @Option(help: "The name of the user's account (default: the root account).")
        var account: String?

        @Option(help: "The access key ID, instead of one that is made up.")
        var accessKey: String?

        @Option(help: "The secret access key, instead of one that is made up.")
        var secretKey: String?

        @OptionGroup var options: UserOptions

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard root == (user == nil) else {
                throw ValidationError("Name a user, or say --root; not both.")
            }
        }

        func run() async throws {
            let made = try await options.administration().createKey(
                of: user,
                account: account,
                accessKey: accessKey,
                secretKey: secretKey
            )
            print(json ? made.jsonText : made.text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List access keys, all of them or a user's."
        )

        @Argument(help: "The user's name.")
        var user: String?

        @Option(help: "The name of the user's account (default: the root account).")
        var account: String?

        @OptionGroup var options: UserOptions

        @Flag(help: "Print one JSON object a line.")
        var json = false

        func run() async throws {
            for key in try await options.administration().keys(of: user, account: account) {
                print(json ? key.jsonText : key.row)
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disable",
            abstract: "Refuse what a key signs, until it is enabled again."
        )

        @OptionGroup var key: KeyArgument

        func run() async throws {
            try await key.options.administration().setKey(key.id, isActive: false)
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "enable",
            abstract: "Take what a key signs again."
        )

        @OptionGroup var key: KeyArgument

        func run() async throws {
            try await key.options.administration().setKey(key.id, isActive: true)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a key for good."
        )

        @OptionGroup var key: KeyArgument

        func run() async throws {
            try await key.options.administration().deleteKey(key.id)
        }
    }
}
