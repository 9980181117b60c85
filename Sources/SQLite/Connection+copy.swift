internal import CSQLite

extension Connection {
    /// A database in memory that is what this one is now, copied page by page.
    ///
    /// This one may not be in a transaction. [Online backup](https://sqlite.org/c3ref/backup_finish.html)
    ///
    /// - Throws: ``SQLiteError``.
    public func copied() throws(SQLiteError) -> sending Connection {
        try unsafe Self.copy(of: UInt(bitPattern: handle))
    }

    /// The compiler would take the two for parts of each other, were this one here by more than its address.
    private static func copy(of address: UInt) throws(SQLiteError) -> sending Connection {
        let copy = try Connection(":memory:")
        let source = unsafe OpaquePointer(bitPattern: address)
        guard let backup = unsafe sqlite3_backup_init(copy.handle, "main", source, "main") else {
            throw unsafe SQLiteError(sqlite3_errcode(copy.handle), on: copy.handle)
        }
        let result = unsafe sqlite3_backup_step(backup, -1)
        unsafe sqlite3_backup_finish(backup)
        guard result == SQLITE_DONE else { throw unsafe SQLiteError(result, on: copy.handle) }
        return copy
    }
}
