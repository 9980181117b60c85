import GRDB

/// The steps by which a database became what it is, each applied once and in this order.
///
/// A step that was released is never changed: what is wrong with it is mended by another.
private let migrations: [(name: String, sql: String)] = [
    (
        "0001_users",
        """
        CREATE TABLE user (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            password TEXT NOT NULL,
            created INTEGER NOT NULL
        );
        """
    ),
    (
        "0002_posts",
        """
        CREATE TABLE post (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 100),
            image TEXT NOT NULL UNIQUE,
            width INTEGER NOT NULL CHECK (width > 0),
            height INTEGER NOT NULL CHECK (height > 0),
            created INTEGER NOT NULL
        );
        """
    ),
    (
        "0003_sessions",
        """
        CREATE TABLE session (
            token TEXT PRIMARY KEY,
            userID INTEGER NOT NULL REFERENCES user (id) ON DELETE CASCADE,
            expires INTEGER NOT NULL,
            message TEXT
        ) WITHOUT ROWID;
        CREATE INDEX sessionByUser ON session (userID);
        """
    ),
    (
        "0004_log_in_attempts",
        """
        CREATE TABLE logInAttempt (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            peer TEXT NOT NULL,
            time INTEGER NOT NULL
        );
        CREATE INDEX logInAttemptByTime ON logInAttempt (time);
        """
    ),
]

extension GalleryDatabase {
    private static let migrator = {
        var migrator = DatabaseMigrator()
        for (name, sql) in migrations {
            migrator.registerMigration(name) { try $0.execute(sql: sql) }
        }
        return migrator
    }()

    /// The names of the migrations that are still to be applied, in order.
    ///
    /// - Throws: ``SiteError`` where a newer gallery has changed the database, SQLite's error where it cannot be read.
    public func pendingMigrations() throws -> [String] {
        try writer.read { database in
            guard try !Self.migrator.hasBeenSuperseded(database) else {
                throw SiteError(
                    "The database was migrated by a newer version of the gallery: use that version."
                )
            }
            let applied = try Self.migrator.appliedIdentifiers(database)
            return Self.migrator.migrations.filter { !applied.contains($0) }
        }
    }

    /// Applies the migrations that are still to be applied; each is told once it is done.
    ///
    /// - Throws: ``SiteError`` where a newer gallery has changed the database, SQLite's error where a step fails,
    ///   of which then nothing is left.
    public func migrate(_ report: (String) -> Void = { _ in }) throws {
        for name in try pendingMigrations() {
            try Self.migrator.migrate(writer, upTo: name)
            report(name)
        }
    }

    /// Checks that every migration is applied.
    ///
    /// - Throws: ``SiteError`` where one is not.
    public func checkMigrated() throws {
        let pending = try pendingMigrations()
        guard pending.isEmpty else {
            throw SiteError(
                "The database lacks \(pending.joined(separator: ", ")): run `gallery migrate` first."
            )
        }
    }
}
