import ArgumentParser
import FoundationEssentials
import GalleryWeb

/// Where the database is.
struct DatabaseOption: ParsableArguments {
    @Option(
        help: "The SQLite file of the database (default: GALLERY_DATABASE, or gallery.sqlite3)."
    )
    var database: String?

    func open() throws -> GalleryDatabase {
        let named = environment["GALLERY_DATABASE"].flatMap { $0.isEmpty ? nil : $0 }
        return try GalleryDatabase(path: database ?? named ?? "gallery.sqlite3")
    }
}

/// The variables that the process was started with.
var environment: [String: String] { ProcessInfo.processInfo.environment }
