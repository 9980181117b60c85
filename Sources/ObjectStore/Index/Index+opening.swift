internal import SQLite

extension Index {
    /// Brings what an abrupt end left in the log into the database, on the disk for sure.
    ///
    /// A log may have been read from the kernel's memory while the disk never got it; what is written after such a hole
    /// would be lost with it. Where this fails, the disk says so at the next commit too.
    func settle() {
        do {
            try writer.use { try $0.checkpoint() }
        } catch {
            _ = health.judge(error)
        }
    }

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
