import ArgumentParser
import Daemon

/// The command line of Pail.
@main
struct Pail: AsyncParsableCommand {
    // Each command says its name: made of its type's, it costs a look through all conformances of the program, at
    // each start and for each command.
    static let configuration = CommandConfiguration(
        commandName: "pail",
        abstract: "A local S3: buckets on this machine's disk, behind Amazon's own API.",
        version: pailVersion,
        subcommands: [
            Serve.self, Server.self, MinIO.self, Env.self, UserCommand.self, KeyCommand.self,
            Explain.self, Status.self, Check.self, Backup.self, FaultCommand.self,
            ClockCommand.self, CallsCommand.self,
            TenantCommand.self, SnapshotCommand.self, SeedCommand.self,
        ]
    )
}
