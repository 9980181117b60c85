internal import Logging
internal import SQLite

extension Index {
    /// Opens the index of a store.
    ///
    /// - Parameters:
    ///   - path: Its file; `nil` for one in memory.
    ///   - configuration: What the store is made of.
    ///   - image: What it holds in memory; `nil` for nothing.
    ///   - health: What refuses writes.
    ///   - reserve: What a full disk holds back.
    ///   - wasStopped: Whether the last start was stopped, and did not break off.
    /// - Returns: The index.
    /// - Throws: ``StoreError/newerSchema(found:known:)`` or `SQLiteError`.
    static func open(
        _ path: String?,
        _ configuration: StoreConfiguration,
        from image: StoreImage?,
        health: Health,
        reserve: Reserve,
        wasStopped: Bool
    ) throws -> Index {
        guard let path else {
            return try Index(
                copying: try image?.index ?? MemoryIndex.empty.get(),
                health: health,
                workers: configuration.workers
            )
        }
        let index = try Index(
            path,
            durability: configuration.durability,
            health: health,
            reserve: reserve
        )
        if !wasStopped { index.settle() }
        configuration.logger.info(
            "Opened the index",
            metadata: ["sqlite": "\(Connection.libraryVersion)"]
        )
        return index
    }

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
