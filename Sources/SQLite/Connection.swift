internal import CSQLite

/// A connection to one database, with its prepared statements kept for the next time.
///
/// It belongs to one thread at a time: it is not `Sendable`, and opened without SQLite's own locks.
@safe public final class Connection {
    /// What a connection may do to its database.
    public enum Access: Hashable, Sendable {
        /// Read and write, making the file where there is none.
        case readWrite
        /// Read, never write, and never checkpoint either.
        case readOnly
    }

    let handle: OpaquePointer
    private var kept: [String: Statement] = [:]
    /// Whether there is more to do once the transaction under way is committed; set and cleared by who uses it.
    public var hasMoreToDo = false

    /// Done once, before the first connection.
    private static let prepareLibrary: Void = { _ = csqlite_never_count_memory() }()

    /// Opens the database at a path, or one in memory at `:memory:`.
    ///
    /// - Throws: ``SQLiteError``, also where `path` is no database.
    public init(
        _ path: String,
        access: Access = .readWrite,
        busyTimeout milliseconds: Int32 = 5000
    )
        throws(SQLiteError)
    {
        let mode =
            switch access {
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READONLY
            }
        Self.prepareLibrary
        var opened: OpaquePointer?
        let result = unsafe sqlite3_open_v2(path, &opened, mode | SQLITE_OPEN_NOMUTEX, nil)
        guard result == SQLITE_OK, let opened = unsafe opened else {
            let error = unsafe SQLiteError(result, on: opened)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = unsafe opened
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, milliseconds)
        if access == .readOnly {
            unsafe csqlite_never_checkpoint_on_close(handle)
            try run("PRAGMA query_only = ON")
            try run("PRAGMA wal_autocheckpoint = 0")
        }
    }

    deinit {
        kept = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// The version of the library in use, such as `3.40.1`.
    public static var libraryVersion: String { unsafe String(cString: sqlite3_libversion()) }

    // MARK: Statements

    /// Runs a statement to its end, whatever rows it has.
    public func run(_ sql: String, _ values: Value...) throws(SQLiteError) {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        try statement.bind(values)
        while try statement.step() {}
    }

    /// Runs several statements that have no parameters, such as those of a schema.
    public func runScript(_ sql: String) throws(SQLiteError) {
        let result = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw unsafe SQLiteError(result, on: handle, sql: sql) }
    }

    /// Reads the first row, or answers `nil` where there is none.
    public func first<T>(
        _ sql: String,
        _ values: Value...,
        read: (borrowing Row) throws -> T
    ) throws -> T? {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        try statement.bind(values)
        guard try statement.step() else { return nil }
        return try read(Row(statement))
    }

    /// Reads every row.
    public func all<T>(
        _ sql: String,
        _ values: Value...,
        read: (borrowing Row) throws -> T
    ) throws -> [T] {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        try statement.bind(values)
        var rows: [T] = []
        while try statement.step() { rows.append(try read(Row(statement))) }
        return rows
    }

    /// Reads rows for as long as `read` asks for more by answering `true`.
    public func scan(
        _ sql: String,
        _ values: Value...,
        read: (borrowing Row) throws -> Bool
    ) throws {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        try statement.bind(values)
        while try statement.step() {
            guard try read(Row(statement)) else { return }
        }
    }

    /// Reads rows from one place after another, each time for as long as `read` asks for more.
    ///
    /// The statement is kept throughout: looking it up again costs more than many a look into the index.
    ///
    /// - Parameters:
    ///   - sql: The statement.
    ///   - place: The values with which it starts next; it ends where there are none.
    ///   - read: Reads a row, and answers whether the next is wanted.
    /// - Throws: ``SQLiteError``, or what `place` or `read` throws.
    public func scan(
        _ sql: String,
        from place: () throws -> [Value]?,
        read: (borrowing Row) throws -> Bool
    ) throws {
        let statement = try lend(sql)
        defer { takeBack(statement) }
        while let values = try place() {
            statement.reset()
            try statement.bind(values)
            while try statement.step() {
                guard try read(Row(statement)) else { break }
            }
        }
    }

    /// How many rows the last statement inserted, changed or deleted.
    public var changedRows: Int64 { unsafe sqlite3_changes64(handle) }

    /// The row ID of the last row inserted.
    public var lastInsertedID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// How many instructions of SQLite's machine the statements that are kept have run: what they cost,
    /// whatever computer it is.
    public var machineSteps: Int64 { kept.values.reduce(0) { $0 + $1.machineSteps } }

    /// A statement that nobody uses: the one that is kept, or a new one where the same SQL runs inside itself.
    private func lend(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = kept[sql], !statement.isInUse {
            statement.isInUse = true
            return statement
        }
        let statement = try unsafe Statement(sql, on: handle)
        kept[sql] = statement
        return statement
    }

    private func takeBack(_ statement: Statement) {
        statement.reset()
        statement.isInUse = false
    }
}
