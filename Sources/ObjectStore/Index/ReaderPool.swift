internal import SQLite
import Synchronization

/// Read-only connections to the index, one for each thread that reads at the moment.
///
/// A look-up runs on the thread that asks: it takes microseconds, less than handing it over would.
final class ReaderPool: Sendable {
    /// How many connections are kept while nobody uses them.
    private static let idleLimit = 8

    private let path: String
    private let idle = Mutex<[LockedConnection]>([])

    init(_ path: String) { self.path = path }

    func use<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        let connection = try idle.withLock { $0.popLast() } ?? open()
        defer { idle.withLock { if $0.count < Self.idleLimit { $0.append(connection) } } }
        return try connection.use(body)
    }

    /// Closes the connections that nobody uses.
    func close() { idle.withLock { $0 = [] } }

    private func open() throws -> LockedConnection {
        let connection = try LockedConnection(path, access: .readOnly)
        try connection.use { connection in
            // In KiB. What is larger is left to the kernel's cache, which all connections share.
            try connection.run("PRAGMA cache_size = -8192")
            try connection.run("PRAGMA temp_store = MEMORY")
        }
        return connection
    }
}
