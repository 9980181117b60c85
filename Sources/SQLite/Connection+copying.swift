internal import CSQLite

extension Connection {
    /// Copies the whole database, as it is at one moment, into a new file.
    ///
    /// Inside of ``snapshot(_:)`` that moment is the snapshot's.
    ///
    /// - Parameter path: Where to; an empty file may be there, so that it has the mode it should have.
    /// - Throws: ``SQLiteError``; what the file holds then is of no use.
    public func copy(to path: String) throws(SQLiteError) {
        let target = try Connection(path)
        guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
            throw unsafe SQLiteError(sqlite3_errcode(target.handle), on: target.handle)
        }
        let result = unsafe sqlite3_backup_step(backup, -1)
        let finished = unsafe sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE, finished == SQLITE_OK else {
            throw unsafe SQLiteError(finished == SQLITE_OK ? result : finished, on: nil)
        }
    }

    /// Folds the whole write-ahead log into the database, on the disk when this returns, and empties it.
    ///
    /// Whatever of the log or of the database the disk may have missed is written anew by this.
    ///
    /// - Throws: ``SQLiteError``, which is busy where a reader is in the way.
    public func checkpoint() throws {
        let isBusy = try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.boolean(0) }
        guard isBusy != true else {
            throw SQLiteError(extendedCode: SQLITE_BUSY, message: "a reader holds the log")
        }
    }

    /// The rows whose foreign keys name a row that is not there, a line for each.
    public func foreignKeyCheck() throws -> [String] {
        try all("PRAGMA foreign_key_check") { row in
            "a row of \(row.text(0)) names one of \(row.text(2)) that is not there"
        }
    }

    /// Runs a statement to its end, with as many values as there are.
    public func run(_ sql: String, values: [Value]) throws(SQLiteError) {
        let statement = try unsafe Statement(sql, on: handle)
        try statement.bind(values)
        while try statement.step() {}
    }
}

extension Row {
    /// How many columns there are.
    public var count: Int32 { unsafe sqlite3_column_count(pointer) }

    /// The column as it is.
    public func value(_ column: Int32) -> Value {
        switch unsafe sqlite3_column_type(pointer, column) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(real(column))
        case SQLITE_TEXT: .text(text(column))
        case SQLITE_BLOB: .blob(blob(column))
        default: .null
        }
    }
}
