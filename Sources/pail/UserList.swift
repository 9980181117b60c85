import ArgumentParser
import Daemon

/// `pail user list`.
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the users with their accounts, access keys and policies."
    )

    @OptionGroup var options: UserOptions

    @Flag(help: "Print one JSON object a line.")
    var json = false

    func run() async throws {
        for user in try await options.administration().users() {
            print(json ? user.jsonText : user.row)
        }
    }
}
