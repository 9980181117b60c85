import ArgumentParser
import Daemon

/// `pail clock`: what time it is to a running daemon.
struct ClockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Stop, move or speed up a running daemon's clock; each prints it as JSON.",
        discussion: """
            What became due by a change, such as the expiry of objects, is done when the command returns.
            """,
        subcommands: [Show.self, Freeze.self, Move.self, Speed.self, Real.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Print the clock."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws { print(try await options.control().clock()) }
    }

    struct Freeze: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "freeze",
            abstract: "Stop the clock."
        )

        @Argument(help: "The moment, such as 2026-01-31T12:00:00Z (default: what it shows).")
        var moment: String?

        @OptionGroup var options: ControlOptions

        func run() async throws {
            var fields: [String: Control.Value] = [:]
            give(moment, as: "at", to: &fields)
            print(try await options.control().setClock("freeze", fields))
        }
    }

    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "move",
            abstract: "Move the clock on, or back by negative numbers, such as --days=-1."
        )

        @Option(help: "Days of 24 hours.")
        var days: String?

        @Option(help: "Hours.")
        var hours: String?

        @Option(help: "Minutes.")
        var minutes: String?

        @Option(help: "Seconds.")
        var seconds: String?

        @Option(help: "Milliseconds.")
        var milliseconds: String?

        @OptionGroup var options: ControlOptions

        func run() async throws {
            var fields: [String: Control.Value] = [:]
            give(number: days, as: "days", to: &fields)
            give(number: hours, as: "hours", to: &fields)
            give(number: minutes, as: "minutes", to: &fields)
            give(number: seconds, as: "seconds", to: &fields)
            give(number: milliseconds, as: "milliseconds", to: &fields)
            print(try await options.control().setClock("move", fields))
        }
    }

    struct Speed: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "speed",
            abstract: "Let the clock run faster or slower from what it shows."
        )

        @Argument(help: "Seconds of it in one of the machine's, such as 3600.")
        var factor: String

        @OptionGroup var options: ControlOptions

        func run() async throws {
            print(try await options.control().setClock("speed", ["factor": .number(factor)]))
        }
    }

    struct Real: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "real",
            abstract: "Make it the machine's clock again."
        )

        @OptionGroup var options: ControlOptions

        func run() async throws { print(try await options.control().setClock("real")) }
    }
}
