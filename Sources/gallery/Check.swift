import ArgumentParser
import GalleryWeb

/// `gallery check`: says what the settings lead to, and tries it.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say where the settings lead, try it, and explain what is wrong."
    )

    func run() async throws {
        let code = await CheckSettings(environment: environment).run()
        guard code == 0 else { throw ExitCode(code) }
    }
}
