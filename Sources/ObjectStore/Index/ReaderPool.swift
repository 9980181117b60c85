internal import SQLite
import Synchronization

/// Read-only connections to the index, one for each thread that reads at the moment.
///
/// A look-up runs on the thread that asks: it takes microseconds, less than handing it over would.
final class ReaderPool: Sendable {
    /// How many connections are kept while nobody uses them.
    private static let idleLimit = 8

    private struct State {
        var idle: [LockedConnection] = []
        var isClosed = false
    }

    private let path: String
    private let state = Mutex(State())

    init(_ path: String) { self.path = path }

    func use<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        let connection = try takeIdle() ?? open()
        defer { giveBack(connection) }
        return try connection.use(body)
    }

    /// Closes the connections that nobody uses, and each of the others once it is given back; nobody is given one any more.
    func close() { state.withLock { $0 = State(isClosed: true) } }

    /// - Throws: ``LockedConnection/Closed``: what is in the folder by now may be another's.
    private func takeIdle() throws -> LockedConnection? {
        try state.withLock { state in
            guard !state.isClosed else { throw LockedConnection.Closed() }
            return state.idle.popLast()
        }
    }

    private func giveBack(_ connection: LockedConnection) {
        state.withLock { state in
            guard !state.isClosed, state.idle.count < Self.idleLimit else { return }
            state.idle.append(connection)
        }
    }

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
