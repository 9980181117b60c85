import ArgumentParser
import Daemon

/// `pail status`: how the daemon is.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Say where the daemon listens, whether it writes, and what its scrubbing has found.",
        discussion: "Ends with 1 where no daemon runs on the folder."
    )

    @OptionGroup var options: CareOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        guard let status = try await Administration(try options.settings()).status() else {
            throw Refusal("No daemon runs on the data folder.")
        }
        print(json ? status.jsonText : status.text)
    }
}
