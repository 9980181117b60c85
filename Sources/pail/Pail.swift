import ArgumentParser
import Daemon

/// The command line of Pail.
@main
struct Pail: AsyncParsableCommand {
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
