internal import SQLite
import Synchronization

/// A connection that one thread at a time can have.
final class LockedConnection: Sendable {
    private let connection: Mutex<Connection?>

    init(_ path: String, access: Connection.Access) throws(SQLiteError) {
        connection = Mutex(try Connection(path, access: access))
    }

    /// Makes a database in memory that holds what another does now.
    init(copying other: Connection) throws {
        connection = Mutex(try other.copied())
    }

    func use<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        try connection.withLock { connection in
            guard let connection else { throw Closed() }
            return try body(connection)
        }
    }

    /// Closes the database, after whoever has it now.
    func close() { connection.withLock { $0 = nil } }

    /// The store was closed before this was asked of it.
    struct Closed: Error {}
}
