import ArgumentParser
import Daemon

/// What the commands that look after a data folder have in common.
struct CareOptions: ParsableArguments {
    @Option(help: "The data folder (default: ./pail-data, or PAIL_DATA).")
    var data: String?

    @Option(help: "A file of NAME=value lines with settings.")
    var config: String?

    /// What was set for the folder that is meant.
    func settings() throws -> Settings {
        let given: [Setting: String?] = [.data: data, .config: config]
        return try Settings.gather(flags: given.compactMapValues { $0.map { [$0] } })
    }
}
