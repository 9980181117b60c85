internal import SQLite

extension Index {
    /// Writes at once, on the calling thread: for what has to be there before anybody is served.
    func writeNow<T: Sendable>(_ body: @Sendable (Connection) throws -> T) throws -> T {
        try writer.use { connection in try connection.transaction { try body(connection) } }
    }
}
