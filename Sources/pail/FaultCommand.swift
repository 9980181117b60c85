import ArgumentParser
import Daemon

/// `pail fault`: what goes wrong on purpose.
struct FaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault",
        abstract: "Have requests to a running daemon go wrong, to test what their client does.",
        subcommands: [Add.self, List.self, Clear.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a fault, and print it as JSON.",
            discussion: """
                Kinds: error, error-in-200, throttle, delay, bandwidth, truncate, flip, reset, silence, \
                stale-continue, skew. Names may have * and ?. docs/testing.md has examples.
                """
        )

        @Argument(help: "What goes wrong.")
        var kind: String

        @OptionGroup var requests: FaultRequests
        @OptionGroup var effect: FaultEffectOptions
        @OptionGroup var options: ControlOptions

        func run() async throws {
            let control = try await options.control()
            let fault = try await control.addFault(
                kind,
                effect: effect.fields,
                rule: requests.fields,
                client: requests.client
            )
            print(fault)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the faults and how often each was applied, one JSON object a line."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws {
            for fault in try await options.control().faults() { print(fault) }
        }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Clear all faults, or one; the counts go with them."
        )

        @Argument(help: "The fault, such as fault-1 (default: all).")
        var id: String?

        @Option(help: "What chance is drawn from, from now on; only with all.")
        var seed: String?

        @OptionGroup var options: ControlOptions

        func run() async throws {
            try await options.control().clearFaults(id, seed: seed)
        }
    }
}
