import GRDB
import Testing

@testable import GalleryWeb

@Suite struct MigrationsTests {
    @Test func `an empty database gets every migration in order, once`() throws {
        let database = try GalleryDatabase()
        let all = ["0001_users", "0002_posts", "0003_sessions", "0004_log_in_attempts"]
        var told: [String] = []

        #expect(try database.pendingMigrations() == all)
        try database.migrate { told.append($0) }

        #expect(told == all)
        #expect(try database.pendingMigrations().isEmpty)
        try database.migrate { told.append($0) }
        #expect(told.count == all.count)
    }

    @Test func `a database that is not migrated is refused with what to do`() throws {
        let database = try GalleryDatabase()

        let error = #expect(throws: SiteError.self) { try database.checkMigrated() }
        #expect(error?.description.contains("gallery migrate") == true)
        #expect(error?.description.contains("0001_users") == true)
    }

    @Test func `a database of a newer gallery is refused`() throws {
        let database = try GalleryDatabase()
        try database.migrate()
        try database.writer.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999_from_the_future')")
        }

        let error = #expect(throws: SiteError.self) { try database.checkMigrated() }
        #expect(error?.description.contains("newer version") == true)
    }

    @Test func `a database that cannot be opened says where it should be`() throws {
        let error = #expect(throws: SiteError.self) {
            try GalleryDatabase(path: "/nowhere/gallery.sqlite3")
        }
        #expect(error?.description.contains("/nowhere/gallery.sqlite3") == true)
        #expect(error?.description.contains("No such file or directory") == true)
    }
}
