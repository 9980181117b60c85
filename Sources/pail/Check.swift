import ArgumentParser
import Daemon

/// `pail check`: whether everything that is stored is what was stored.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract:
            "Compare every stored byte with what the index says, whether the daemon runs or not.",
        discussion: """
            Ends with 0 where all is well, and with 1 where something was found.

            --repair moves files that are bad, or that nothing names, to the folder quarantine, and lets \
            reads of what is bad fail. It never deletes anything.
            """
    )

    @OptionGroup var options: CareOptions

    @Flag(help: "Set bad files aside, and note in the index what is bad.")
    var repair = false

    @Flag(
        help: "Make the index anew from what is left of it and from the blobs; no daemon may run."
    )
    var rebuildIndex = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let settings = try options.settings()
        let administration = try Administration(settings)
        let bar = ProgressBar()
        let rebuilt =
            rebuildIndex
            ? try await administration.rebuildIndex(
                DaemonConfiguration(settings),
                progress: bar.show
            ) : nil
        let report = try await administration.check(
            repairing: repair,
            progress: bar.show
        )
        bar.clear()
        let text = CheckText(report, rebuilt: rebuilt)
        print(json ? text.json : text.text)
        if !text.isWell { throw ExitCode(1) }
    }
}
