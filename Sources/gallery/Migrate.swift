import ArgumentParser
import GalleryWeb

/// `gallery migrate`: makes the database, or brings it up to date.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the database, or bring it up to date."
    )

    @OptionGroup var options: DatabaseOption

    func run() throws {
        let database = try options.open()
        print("Operations to perform:\n  Apply all migrations: gallery\nRunning migrations:")
        guard try !database.pendingMigrations().isEmpty else {
            return print("  No migrations to apply.")
        }
        try database.migrate { print("  Applying gallery.\($0)... OK") }
    }
}
