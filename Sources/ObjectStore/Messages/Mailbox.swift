internal import Logging
public import S3Protocol
internal import SQLite
import Synchronization

/// Messages that wait for their destinations: written with the changes that they tell of, kept until they are
/// settled, handed out in order.
///
/// Messages about one thing are handed out in the order in which they were written, and more than once where whoever got
/// one did not settle it. Each destination keeps so many, and a hundredth more; then the oldest go together.
public final class Mailbox: Sendable {
    /// How many messages a destination keeps.
    public static let capacity = 10_000

    private let index: Index
    private let capacity: Int
    private let time: any TimeSource
    private let logger: Logger
    private let bell = Bell()
    private let counts = Mutex(MailboxCounts())

    /// How many messages beyond its capacity a destination has when the oldest are dropped, all together.
    private var batch: Int { max(1, capacity / 100) }

    init(_ index: Index, capacity: Int, time: any TimeSource, logger: Logger) {
        self.index = index
        self.capacity = capacity
        self.time = time
        self.logger = logger
    }

    /// Messages of a destination that may be handed out now, without handing them out.
    public func due(for destination: String, limit: Int) throws -> [Message] {
        let now = time.now()
        return try index.read { try $0.dueMessages(for: destination, at: now, limit: limit) }
    }

    /// Hands messages out: nobody gets them again for some time, unless they are settled before.
    ///
    /// - Parameters:
    ///   - destination: Whose messages.
    ///   - limit: How many at most.
    ///   - seconds: For how long they are hidden.
    /// - Returns: The messages as they are now, in order.
    /// - Throws: What writing to the index throws.
    public func take(
        from destination: String,
        limit: Int,
        hidingFor seconds: Int64
    ) async throws -> [Message] {
        guard try !due(for: destination, limit: 1).isEmpty else { return [] }
        let now = time.now()
        return try await index.write { connection in
            let found = try connection.dueMessages(for: destination, at: now, limit: limit)
            for message in found {
                try connection.postpone(message, until: now.advanced(bySeconds: seconds))
            }
            return found.map(\.handedOut)
        }
    }

    /// Removes a message that its destination has.
    ///
    /// - Parameters:
    ///   - id: The message's number.
    ///   - destination: Whose it is.
    ///   - attempts: How often it had been handed out; `nil` for any number.
    /// - Returns: Whether it was there, and had not been handed out since.
    /// - Throws: What writing to the index throws.
    @discardableResult
    public func settle(
        _ id: Int64,
        of destination: String,
        attempts: Int? = nil
    ) async throws -> Bool {
        let wasThere = try await index.write(for: .freeing) { connection in
            try connection.run(
                """
                DELETE FROM messages
                WHERE id = ?1 AND destination = ?2 AND attempts = coalesce(?3, attempts)
                """,
                .integer(id),
                .text(destination),
                .integer(attempts.map { Int64($0) })
            )
            return connection.changedRows > 0
        }
        if wasThere {
            counts.withLock { $0.remove(from: destination) }
            // What waited behind it may go now.
            ring()
        }
        return wasThere
    }

    /// Lets a message that could not be delivered rest, and those about the same behind it; on a full disk too.
    ///
    /// - Throws: What writing to the index throws.
    public func postpone(_ message: Message, bySeconds seconds: Int64) async throws {
        let due = time.now().advanced(bySeconds: seconds)
        try await index.write(for: .freeing) { try $0.postpone(message, until: due) }
    }

    /// Makes everything for a destination due: what it waited for may have come.
    ///
    /// - Throws: What writing to the index throws.
    public func retryNow(_ destination: String) async throws {
        let now = time.now()
        try await index.write { connection in
            try connection.run(
                "UPDATE messages SET due = ?2 WHERE destination = ?1 AND due > ?2",
                .text(destination),
                .integer(now.milliseconds)
            )
        }
        ring()
    }

    /// When the next message for a destination is due; `nil` where none waits.
    public func nextDue(for destination: String) throws -> Timestamp? {
        try index.read { try $0.nextDue(for: destination) }
    }

    /// How many messages wait for a destination.
    public func count(for destination: String) throws -> Int {
        try index.read { try $0.countMessages(for: destination) }
    }
}

extension Mailbox {
    /// How often a message was added; see ``wait(after:atMost:)``.
    public var rings: UInt64 { bell.rings }

    /// Waits until a message was added since a count of ``rings`` was read, but not for ever.
    public func wait(after rings: UInt64, atMost duration: Duration) async {
        await bell.wait(after: rings, atMost: duration)
    }

    /// Whether nobody may wait any more.
    public var isClosed: Bool { bell.isClosed }

    /// Ends all waiting, now and from now on.
    public func stopWaiting() { bell.close() }

    /// Has those who wait look again, for the clock was set: what was to rest may be due.
    public func clockChanged() { bell.ring() }

    /// Tells those who wait that a message is there; called after the commit.
    func ring() { bell.ring() }

    /// Writes down what is to be told of a change; nothing where there is no announcement.
    func announce(
        _ kind: ObjectChange.Kind,
        of object: StoredObject,
        by announcement: Announcement?,
        at now: Timestamp,
        on connection: Connection
    ) throws {
        guard let announcement else { return }
        let order = try connection.next("sequence")
        let change = ObjectChange(kind: kind, object: object, order: order, time: now)
        for message in announcement.messages(change) { try post(message, at: now, on: connection) }
    }

    /// Says in the log what nobody is told of, because the disk has no room for messages.
    func omit(
        _ kind: ObjectChange.Kind,
        of object: StoredObject,
        by announcement: Announcement,
        at now: Timestamp
    ) {
        let change = ObjectChange(kind: kind, object: object, order: 0, time: now)
        for message in announcement.messages(change) {
            logger.warning(
                "The disk is full: a message is not kept",
                metadata: [
                    "destination": "\(message.destination)", "subject": "\(message.subject)",
                ]
            )
        }
    }

    /// Writes a message down.
    func post(_ message: NewMessage, at now: Timestamp, on connection: Connection) throws {
        let destination = message.destination
        if !counts.withLock({ $0.isCounted(destination) }) {
            let count = try connection.countMessages(for: destination)
            counts.withLock { $0.set(count, for: destination) }
        }
        try connection.insert(message, at: now)
        guard counts.withLock({ $0.add(to: destination) }) >= capacity + batch else { return }
        let count = try connection.countMessages(for: destination)
        counts.withLock { $0.set(count, for: destination) }
        guard count > capacity else { return }
        try connection.dropMessages(count - capacity, for: destination)
        warn(ofDropped: count - capacity, from: destination, at: now)
    }

    /// Says that messages went, once a minute at most: whoever does not read a queue would fill the log too.
    private func warn(ofDropped dropped: Int, from destination: String, at now: Timestamp) {
        let told = counts.withLock { $0.drop(dropped, from: destination, at: now) }
        guard let told else { return }
        logger.warning(
            "The mailbox is full: its oldest messages go",
            metadata: ["destination": "\(destination)", "dropped": "\(told)"]
        )
    }
}

extension Message {
    /// The message after it was handed out once more.
    fileprivate var handedOut: Message {
        Message(
            id: id,
            destination: destination,
            subject: subject,
            body: body,
            created: created,
            attempts: attempts + 1
        )
    }
}
