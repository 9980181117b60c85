import ArgumentParser
import Daemon

/// What the commands that speak to a running daemon have in common.
struct ControlOptions: ParsableArguments {
    @Option(help: "The daemon's URL (default: the one that runs on the data folder).")
    var endpoint: String?

    @Option(help: "The daemon's data folder (default: ./pail-data, or PAIL_DATA).")
    var data: String?

    /// The daemon that is meant.
    func control() async throws -> Control {
        let settings = try Settings.gather(flags: data.map { [.data: [$0]] } ?? [:])
        return try await Control(settings, endpoint: endpoint)
    }
}

/// Adds a value to those of a request, where one was given.
func give(_ value: String?, as name: String, to fields: inout [String: Control.Value]) {
    if let value { fields[name] = .text(value) }
}

/// Adds a number to those of a request, where one was given.
func give(number value: String?, as name: String, to fields: inout [String: Control.Value]) {
    if let value { fields[name] = .number(value) }
}
