import ArgumentParser
import Daemon
import Glibc

/// `pail serve`: the daemon.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve S3 until told to stop.",
        discussion: """
            Each option can be set as a variable too: --tls-port is PAIL_TLS_PORT. Options win over \
            the environment, the environment over the file of --config.

            The root key pair is AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where both are set, \
            else one that is made at the first start and that `pail env` prints.
            """
    )

    @OptionGroup var options: ServeOptions

    func run() async throws {
        try await Self.serve(options.flags)
    }

    /// Serves what was said on the command line, in the environment and in files.
    static func serve(_ flags: [Setting: [String]]) async throws {
        let configuration = try DaemonConfiguration(try Settings.gather(flags: flags))
        let program = CommandLine.arguments.first ?? "pail"
        let service = DaemonService(
            configuration,
            log: .standardError(configuration.logFormat),
            announce: { say(Banner($0, program: program).text) },
            announceReady: { daemon in
                if let line = daemon.configuration.compatibility?.readyLine { say(line + "\n") }
            }
        )
        try await service.runUntilSignal()
    }

    /// Whoever waits for a line may read it from a pipe.
    private static func say(_ text: String) {
        print(text, terminator: "")
        fflush(nil)
    }
}
