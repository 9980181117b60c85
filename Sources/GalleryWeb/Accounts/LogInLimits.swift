import GRDB
import S3Protocol

/// Slows down whoever guesses passwords.
///
/// An attempt is counted before its password is checked, so that many at once get no further than
/// many in a row. A name's limit for one peer is low; the one for all peers is high, so that a
/// stranger cannot easily lock somebody out.
struct LogInLimits: Sendable {
    let database: GalleryDatabase
    let time: any TimeSource

    /// How long a failed attempt counts, in seconds.
    static let window: Int64 = 15 * 60
    /// How often one peer may fail with one name.
    static let perNameAndPeer = 5
    /// How often one peer may fail with any names.
    static let perPeer = 20
    /// How often one name may fail from any peers.
    static let perName = 100

    /// Counts an attempt.
    ///
    /// - Returns: `nil` where it may go on, or after how many seconds to try again.
    func begin(_ name: String, from peer: String) async throws -> Int64? {
        let now = time.now()
        let since = now.advanced(bySeconds: -Self.window).milliseconds
        return try await database.writer.write { database in
            try database.execute(
                sql: "DELETE FROM logInAttempt WHERE time <= ?",
                arguments: [since]
            )
            if let oldest = try Self.oldestOfTooMany(name, peer, in: database) {
                let end = Timestamp(milliseconds: oldest).advanced(bySeconds: Self.window)
                return max(1, (end.milliseconds - now.milliseconds + 999) / 1000)
            }
            try database.execute(
                sql: "INSERT INTO logInAttempt (name, peer, time) VALUES (?, ?, ?)",
                arguments: [name, peer, now.milliseconds]
            )
            return nil
        }
    }

    /// Forgets a name's attempts from a peer that has now succeeded.
    func succeeded(_ name: String, from peer: String) async throws {
        try await database.writer.write { database in
            try database.execute(
                sql: "DELETE FROM logInAttempt WHERE name = ? AND peer = ?",
                arguments: [name, peer]
            )
        }
    }

    /// The time of the attempt that must be forgotten first, where a limit is reached.
    private static func oldestOfTooMany(
        _ name: String,
        _ peer: String,
        in database: Database
    ) throws -> Int64? {
        let limits: [(String, StatementArguments, Int)] = [
            ("name = ? AND peer = ?", [name, peer], perNameAndPeer),
            ("peer = ?", [peer], perPeer),
            ("name = ?", [name], perName),
        ]
        for (condition, arguments, limit) in limits {
            let sql = "SELECT time FROM logInAttempt WHERE \(condition) ORDER BY time DESC"
            let times = try Int64.fetchAll(database, sql: sql, arguments: arguments)
            if times.count >= limit { return times[limit - 1] }
        }
        return nil
    }
}
