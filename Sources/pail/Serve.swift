import ArgumentParser
import Daemon
import Glibc

/// `pail serve`: the daemon.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
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
        let settings = try Settings.gather(flags: options.flags)
        let configuration = try DaemonConfiguration(settings)
        let program = CommandLine.arguments.first ?? "pail"
        let service = DaemonService(configuration, log: .standardError(configuration.logFormat)) {
            print(Banner($0, program: program).text, terminator: "")
            // Whoever waits for the first line may read it from a pipe.
            fflush(nil)
        }
        try await service.runUntilSignal()
    }
}
