import ArgumentParser
import Daemon

/// `pail backup`: a copy of a running store.
struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the store as it is at one moment, whether the daemon runs or not.",
        discussion: """
            The copy is a data folder: pail serve --data DIR starts on it. On the same file system, blobs are linked \
            and cost no space; for a second copy of every byte, name a folder on another disk or use --copy.
            """
    )

    @Argument(help: "The folder to copy into, made where it is missing; it must be empty.")
    var folder: String

    @OptionGroup var options: CareOptions

    @Flag(help: "Copy every blob, also where a link would do.")
    var copy = false

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let administration = try Administration(try options.settings())
        let bar = ProgressBar()
        let report = try await administration.backUp(
            to: folder,
            copying: copy,
            progress: bar.show
        )
        bar.clear()
        print(json ? report.jsonText : report.text(folder: folder))
        if !report.isWhole { throw ExitCode(1) }
    }
}
