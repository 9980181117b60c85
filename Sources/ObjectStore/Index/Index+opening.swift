internal import SQLite

extension Index {
    /// Writes at once, on the calling thread: for what has to be there before anybody is served.
    ///
    /// Where the log finds no room to grow, it begins anew.
    func writeNow<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        try writer.use { connection in
            do {
                return try connection.transaction { try body(connection) }
            } catch let error as SQLiteError where error.isDiskFull {
                try connection.restartLog()
                return try connection.transaction { try body(connection) }
            }
        }
    }
}
