internal import S3Protocol
internal import SQLite

// The rows of `messages`.

extension Message {
    fileprivate static let columns = "id, destination, subject, body, created, attempts"

    fileprivate init(_ row: borrowing Row) {
        id = row.integer(0)
        destination = row.text(1)
        subject = row.text(2)
        body = row.blob(3)
        created = Timestamp(milliseconds: row.integer(4))
        attempts = Int(row.integer(5))
    }
}

/// What may be handed out now: what is due, and has no earlier message about the same before it that is not.
private let selectDue = """
    SELECT \(Message.columns) FROM messages AS m
    WHERE destination = ?1 AND due <= ?2 AND NOT EXISTS (
        SELECT 1 FROM messages AS p
        WHERE p.destination = m.destination AND p.subject = m.subject AND p.id < m.id AND p.due > ?2
    )
    ORDER BY id LIMIT ?3
    """

extension Connection {
    /// Writes a message.
    func insert(_ message: NewMessage, at now: Timestamp) throws {
        try run(
            "INSERT INTO messages(destination, subject, body, created, due) VALUES (?1, ?2, ?3, ?4, ?4)",
            .text(message.destination),
            .utf8(message.subject),
            .blob(message.body),
            .integer(now.milliseconds)
        )
    }

    /// How many messages wait for a destination; this looks at each of them.
    func countMessages(for destination: String) throws -> Int {
        try first("SELECT count(*) FROM messages WHERE destination = ?1", .text(destination)) {
            Int($0.integer(0))
        } ?? 0
    }

    /// Removes the oldest messages of a destination.
    func dropMessages(_ count: Int, for destination: String) throws {
        try run(
            """
            DELETE FROM messages WHERE id IN (
                SELECT id FROM messages WHERE destination = ?1 ORDER BY id LIMIT ?2
            )
            """,
            .text(destination),
            .integer(count)
        )
    }

    /// Messages that may be handed out now, in order.
    func dueMessages(
        for destination: String,
        at now: Timestamp,
        limit: Int
    ) throws -> [Message] {
        try all(
            selectDue,
            .text(destination),
            .integer(now.milliseconds),
            .integer(limit)
        ) { Message($0) }
    }

    /// Lets a message rest until a moment, and counts that it was handed out.
    func postpone(_ message: Message, until due: Timestamp) throws {
        try run(
            "UPDATE messages SET due = ?2, attempts = ?3 WHERE id = ?1",
            .integer(message.id),
            .integer(due.milliseconds),
            .integer(message.attempts + 1)
        )
    }

    /// When the next message for a destination is due; `nil` where none waits.
    func nextDue(for destination: String) throws -> Timestamp? {
        try first(
            "SELECT min(due) FROM messages WHERE destination = ?1",
            .text(destination)
        ) { $0.optionalInteger(0) }?.map { Timestamp(milliseconds: $0) }
    }
}
