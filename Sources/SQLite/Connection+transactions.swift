internal import CSQLite

extension Connection {
    /// Whether a transaction is open.
    ///
    /// SQLite itself ends one on some errors, such as a full disk.
    public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Runs `body` in one transaction: all of it happens, or none.
    ///
    /// - Throws: what `body` throws, or ``SQLiteError`` where the commit fails; nothing has happened then.
    public func transaction<T>(_ body: () throws -> T) throws -> T {
        try run("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            rollBack()
            throw error
        }
    }

    /// Ends an open transaction as if it had never begun.
    public func rollBack() {
        // SQLite has rolled back by itself where this fails.
        if isInTransaction { try? run("ROLLBACK") }
    }

    /// Runs `body` as a part of the open transaction that can fail alone.
    public func savepoint<T>(_ body: () throws -> T) throws -> T {
        try run("SAVEPOINT member")
        do {
            let result = try body()
            try run("RELEASE member")
            return result
        } catch {
            // Both fail only where the whole transaction is gone already, which its owner notices.
            try? run("ROLLBACK TO member")
            try? run("RELEASE member")
            throw error
        }
    }

    /// Runs `body` with all its reads seeing the database at one moment.
    public func snapshot<T>(_ body: () throws -> T) throws -> T {
        try run("BEGIN")
        defer { rollBack() }
        return try body()
    }

    /// Writes all that is in the write-ahead log into the database, and begins the log's file anew, over what was in it.
    ///
    /// - Throws: ``SQLiteError`` where that fails; nothing is lost then.
    public func restartLog() throws(SQLiteError) { try run("PRAGMA wal_checkpoint(RESTART)") }

    /// What a quick check of the whole file finds wrong; empty where it is sound.
    public func quickCheck() throws -> [String] {
        do {
            return try all("PRAGMA quick_check(10)") { $0.text(0) }.filter { $0 != "ok" }
        } catch let error as SQLiteError where error.isCorruption {
            return [error.message]
        }
    }
}
