import ArgumentParser
import Daemon

/// `pail user`: the users of a data folder.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Users and their policies, whether the daemon runs or not.",
        subcommands: [UserCreate.self, UserList.self, UserDelete.self, UserPolicyCommand.self]
    )
}

/// What the user commands have in common.
struct UserOptions: ParsableArguments {
    @Option(help: "The data folder (default: ./pail-data, or PAIL_DATA).")
    var data: String?

    /// The users of the data folder that is meant.
    func administration() throws -> Administration {
        let settings = try Settings.gather(flags: data.map { [.data: [$0]] } ?? [:])
        return try Administration(settings)
    }
}
