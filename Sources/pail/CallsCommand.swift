import ArgumentParser
import Daemon

/// `pail calls`: what a running daemon was asked and answered.
struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls",
        abstract: "Record what a running daemon is asked, and look at it.",
        subcommands: [
            On.self, Off.self, List.self, Wait.self, HAR.self, Clear.self,
        ]
    )

    struct On: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "on",
            abstract: "Record calls from now on."
        )

        @Option(help: "How many are kept at most (default: 10000).")
        var limit: String?

        @OptionGroup var options: ControlOptions

        func run() async throws { print(try await options.control().record(true, limit: limit)) }
    }

    struct Off: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "off",
            abstract: "Record no more; what was recorded stays."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws { print(try await options.control().record(false)) }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List recorded calls, one JSON object a line."
        )

        @OptionGroup var filter: CallFilterOptions
        @OptionGroup var options: ControlOptions

        func run() async throws {
            for call in try await options.control().calls(filter.query) { print(call) }
        }
    }

    struct Wait: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "wait",
            abstract: "Wait until calls were recorded, and list them; fail where they do not come."
        )

        @Option(help: "How many (default: 1).")
        var count: String?

        @Option(help: "How long to wait at most, up to 60000 (default: 10000).")
        var timeoutMilliseconds: String?

        @OptionGroup var filter: CallFilterOptions
        @OptionGroup var options: ControlOptions

        func run() async throws {
            var query = filter.query
            query["count"] = count
            query["timeoutMilliseconds"] = timeoutMilliseconds
            for call in try await options.control().waitForCalls(query) { print(call) }
        }
    }

    struct HAR: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "har",
            abstract: "Print recorded calls as a HAR 1.2 file."
        )

        @OptionGroup var filter: CallFilterOptions
        @OptionGroup var options: ControlOptions

        func run() async throws { print(try await options.control().har(filter.query)) }
    }

    struct Clear: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Forget all recorded calls."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws { try await options.control().clearCalls() }
    }
}
