import Digests
import GRDB
import S3Protocol

/// Somebody who has logged in, in one browser.
struct Session: Sendable {
    let token: SecretToken
    let userName: String
    /// What the next page is to say about the request before it.
    let message: String?
}

/// The sessions of the database.
struct Sessions: Sendable {
    let database: GalleryDatabase
    let time: any TimeSource
    let random: any RandomSource

    /// How long somebody stays logged in, in seconds: two weeks, as in Django.
    static let lifetime: Int64 = 14 * 24 * 60 * 60

    /// Starts a session, and forgets those that have ended.
    func begin(for user: User) async throws -> SecretToken {
        let token = SecretToken(from: random)
        let now = time.now()
        let expires = now.advanced(bySeconds: Self.lifetime)
        try await database.writer.write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE expires <= ?",
                arguments: [now.milliseconds]
            )
            try database.execute(
                sql: "INSERT INTO session (token, userID, expires) VALUES (?, ?, ?)",
                arguments: [token.hash, user.id, expires.milliseconds]
            )
        }
        return token
    }

    /// The session that a cookie names, or `nil` where it has ended or never was.
    func session(_ token: SecretToken) async throws -> Session? {
        let now = time.now().milliseconds
        return try await database.writer.read { database in
            let sql = """
                SELECT user.name, session.message FROM session JOIN user ON user.id = session.userID
                WHERE session.token = ? AND session.expires > ?
                """
            return try Row.fetchOne(database, sql: sql, arguments: [token.hash, now])
                .map { row in
                    Session(
                        token: token,
                        userName: try row.decode(forColumn: "name"),
                        message: try row.decode(forColumn: "message")
                    )
                }
        }
    }

    /// Leaves a message for the session's next page; `nil` takes it away again.
    func leave(_ message: String?, for session: Session) async throws {
        try await database.writer.write { database in
            try database.execute(
                sql: "UPDATE session SET message = ? WHERE token = ?",
                arguments: [message, session.token.hash]
            )
        }
    }

    func end(_ session: Session) async throws {
        try await database.writer.write { database in
            try database.execute(
                sql: "DELETE FROM session WHERE token = ?",
                arguments: [session.token.hash]
            )
        }
    }
}
