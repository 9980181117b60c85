import ArgumentParser
import Daemon

/// `pail tenant`: many S3s in one running daemon.
struct TenantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant",
        abstract: "Make, list, reset, fork and drop tenants of a running daemon.",
        discussion: """
            A tenant is a whole S3 of its own in memory, reached by its own root key or by the host \
            NAME.tenant.localhost.
            """,
        subcommands: [Create.self, Fork.self, List.self, Reset.self, Drop.self]
    )

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Make a tenant, and print it with its key as JSON."
        )

        @Argument(help: "The tenant's name (default: one that is made up).")
        var name: String?

        @Option(help: "A bucket to begin with; repeatable.")
        var bucket: [String] = []

        @Option(help: "A folder to begin with: its folders are buckets.")
        var seed: String?

        @OptionGroup var key: TenantKey

        @OptionGroup var options: ControlOptions

        func run() async throws {
            var new = key.newTenant(name)
            new.buckets = bucket
            new.seed = seed
            print(try await options.control().createTenant(new))
        }
    }

    struct Fork: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fork",
            abstract: "Make a tenant that begins with what another has, and print it as JSON."
        )

        @Argument(help: "The other tenant.")
        var origin: String

        @Argument(help: "The new tenant's name (default: one that is made up).")
        var name: String?

        @Option(help: "A snapshot of the other tenant (default: what it is now).")
        var snapshot: String?

        @OptionGroup var key: TenantKey

        @OptionGroup var options: ControlOptions

        func run() async throws {
            var new = key.newTenant(name)
            new.origin = origin
            new.snapshot = snapshot
            print(try await options.control().createTenant(new))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Print the tenants with their keys, one JSON object a line."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws {
            for tenant in try await options.control().tenants() { print(tenant) }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset",
            abstract: "Put a tenant to what it was when it was made or last seeded."
        )

        @Argument(help: "The tenant (default: the daemon's own, where that is in memory).")
        var name: String?

        @Flag(help: "Leave nothing at all in it.")
        var empty = false

        @OptionGroup var options: ControlOptions

        func run() async throws {
            try await options.control().reset(name, toNothing: empty)
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "drop",
            abstract: "Drop a tenant with everything in it."
        )

        @Argument(help: "The tenant.")
        var name: String

        @OptionGroup var options: ControlOptions

        func run() async throws { try await options.control().dropTenant(name) }
    }
}
