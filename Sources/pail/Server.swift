import ArgumentParser
import Daemon

/// `pail server`: MinIO's way to start a server, for the command lines that were written for it.
struct Server: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Serve S3 as `minio server` is told to: pail serve --compat minio --data DIR."
    )

    @Argument(help: "The data folder; MINIO_VOLUMES where it is absent.")
    var folders: [String] = []

    @Option(help: "Where to listen: HOST:PORT, or :PORT for every address.")
    var address: String?

    @Option(help: "Taken and not used: there is no console.")
    var consoleAddress: String?

    @Flag(help: "Log in JSON.")
    var json = false

    @Flag(help: "Taken and not used.")
    var quiet = false

    @Flag(help: "Taken and not used: nothing that names anybody leaves this machine.")
    var anonymous = false

    func validate() throws {
        guard folders.count <= 1 else {
            throw ValidationError(
                "Pail keeps its buckets in one folder, and \(folders.count) are named."
            )
        }
        guard address.map({ ListenAddress($0) != nil }) ?? true else {
            throw ValidationError("--address must be HOST:PORT or :PORT.")
        }
    }

    func run() async throws {
        var flags: [Setting: [String]] = [.compat: [Compatibility.minio.rawValue]]
        if let folder = folders.first { flags[.data] = [folder] }
        if let address = address.flatMap({ ListenAddress($0) }) {
            flags[.host] = [address.host]
            flags[.port] = [address.port]
        }
        if json { flags[.logFormat] = ["json"] }
        try await Serve.serve(flags)
    }
}

/// `pail minio server`: what a container is told whose image begins the line by itself.
struct MinIO: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minio",
        abstract: "Take a command line that was written for MinIO.",
        shouldDisplay: false,
        subcommands: [Server.self]
    )
}
