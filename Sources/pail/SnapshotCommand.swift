import ArgumentParser
import Daemon

/// `pail snapshot`: what a store in memory was, to go back to.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Keep what a running daemon's store in memory is, and go back to it.",
        subcommands: [Create.self, List.self, Restore.self, Delete.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Keep what the store is now, in place of what was kept under the name."
        )

        @OptionGroup var snapshot: SnapshotArgument

        func run() async throws {
            try await snapshot.store.control().takeSnapshot(
                snapshot.name,
                of: snapshot.store.tenant
            )
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Print the names, one a line."
        )

        @OptionGroup var store: StoreOptions

        func run() async throws {
            for name in try await store.control().snapshots(of: store.tenant) { print(name) }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore",
            abstract: "Put the store to what it was when the snapshot was taken."
        )

        @OptionGroup var snapshot: SnapshotArgument

        func run() async throws {
            try await snapshot.store.control().restore(snapshot.name, of: snapshot.store.tenant)
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Forget the snapshot."
        )

        @OptionGroup var snapshot: SnapshotArgument

        func run() async throws {
            try await snapshot.store.control().deleteSnapshot(
                snapshot.name,
                of: snapshot.store.tenant
            )
        }
    }
}

/// The snapshot that a command is about.
struct SnapshotArgument: ParsableArguments {
    @Argument(help: "The snapshot's name.")
    var name: String

    @OptionGroup var store: StoreOptions
}

/// The store that a command is about.
struct StoreOptions: ParsableArguments {
    @Option(help: "The tenant (default: the daemon's own).")
    var tenant: String?

    @OptionGroup var options: ControlOptions

    func control() async throws -> Control { try await options.control() }
}

/// `pail seed`: a folder into a running daemon's store.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Put a folder into a running daemon's store: its folders are buckets.",
        discussion: """
            The daemon reads the folder, so that it must be on the daemon's machine. What became of it is \
            printed as JSON.
            """
    )

    @Argument(help: "The folder.")
    var folder: String

    @OptionGroup var store: StoreOptions

    func run() async throws { print(try await store.control().seed(folder, into: store.tenant)) }
}
