internal import SQLite
import Synchronization

/// A connection that one thread at a time can have.
final class LockedConnection: Sendable {
    private let connection: Mutex<Connection>

    init(_ path: String, access: Connection.Access) throws(SQLiteError) {
        connection = Mutex(try Connection(path, access: access))
    }

    func use<T: Sendable>(_ body: @Sendable (Connection) throws -> T) rethrows -> T {
        try connection.withLock { try body($0) }
    }
}
