import ArgumentParser
import GalleryClient
import GalleryWeb
import Glibc
import Logging

/// `gallery serve`: the web application.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the gallery until told to stop."
    )

    @OptionGroup var options: DatabaseOption

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 is any that is free.")
    var port = 8000

    @Flag(
        name: .customLong("behind-https"),
        help: "A proxy in front speaks https and sets X-Forwarded-For: cookies go over https alone."
    )
    var isBehindHTTPS = false

    @Flag(help: "Bring the database up to date first, or make it.")
    var migrate = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port must be a number from 0 to 65535.")
        }
    }

    func run() async throws {
        let database = try options.open()
        if migrate { try database.migrate { _ in } }
        let configuration = try GalleryConfiguration(environment: environment)
        let storage = try await configuration.storage()
        let settings = SiteSettings(
            isBehindHTTPS: isBehindHTTPS,
            temporaryFolder: environment["TMPDIR"] ?? "/tmp"
        )
        let site = try Site(database: database, storage: storage, settings: settings)
        let logger = Logger(label: "gallery") { StreamLogHandler.standardError(label: $0) }
        let server = SiteServer(site, host: host, port: port, logger: logger)
        try await server.run { url in
            print("gallery: listening on \(url)")
            // Whoever waits for the first line may read it from a pipe.
            fflush(nil)
        }
    }
}
