import ArgumentParser
import Daemon

/// `pail env`: what a shell needs to use the daemon.
struct Env: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the variables by which the AWS CLI and SDKs find the daemon.",
        discussion: #"Use it as: eval "$(pail env)""#
    )

    @Option(help: "The daemon's data folder (default: ./pail-data).")
    var data: String?

    @Option(help: "The host the daemon will have, where none runs now.")
    var host: String?

    @Option(help: "The port the daemon will have, where none runs now.")
    var port: String?

    @Option(help: "A file of NAME=value lines with settings.")
    var config: String?

    func run() async throws {
        let given: [Setting: String?] = [.data: data, .host: host, .port: port, .config: config]
        let flags = given.compactMapValues { $0.map { [$0] } }
        let settings = try Settings.gather(flags: flags)
        for line in try await EnvironmentLines.make(settings).lines { print(line) }
    }
}
