import ArgumentParser
import Daemon

/// `pail user delete`.
struct UserDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a user and their access keys; what their account owns stays."
    )

    @Argument(help: "The user's name.")
    var name: String

    @OptionGroup var options: UserOptions

    @Option(help: "The name of the user's account (default: the root account).")
    var account: String?

    func run() async throws {
        try await options.administration().deleteUser(name, account: account)
    }
}
