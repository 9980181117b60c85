import GRDB
import S3Protocol

/// Somebody who may log in.
struct User: Hashable, Sendable {
    let id: Int64
    let name: String
    let password: String
}

/// The users of the database.
struct Users: Sendable {
    let database: GalleryDatabase

    func user(named name: String) async throws -> User? {
        try await database.writer.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM user WHERE name = ?", arguments: [name])
                .map { row in
                    User(
                        id: try row.decode(forColumn: "id"),
                        name: try row.decode(forColumn: "name"),
                        password: try row.decode(forColumn: "password")
                    )
                }
        }
    }

    /// Adds a user, whose name must be free.
    func add(_ name: String, password: String, at time: Timestamp) async throws {
        try await database.writer.write { database in
            try database.execute(
                sql: "INSERT INTO user (name, password, created) VALUES (?, ?, ?)",
                arguments: [name, password, time.milliseconds]
            )
        }
    }

    func setPassword(_ password: String, of id: Int64) async throws {
        try await database.writer.write { database in
            try database.execute(
                sql: "UPDATE user SET password = ? WHERE id = ?",
                arguments: [password, id]
            )
        }
    }
}
