internal import S3Protocol
internal import SQLite

extension Store {
    /// Changes the lock of a version, with the lock that it has at that moment in view.
    ///
    /// - Throws: What `change` throws; ``ContentGone`` where the version is there no more.
    public func changeLock(
        of object: StoredObject,
        _ change: @escaping @Sendable (ObjectLock) throws -> ObjectLock
    ) async throws {
        try await index.write { connection in
            guard let lock = try connection.lock(of: object) else { throw ContentGone() }
            try connection.run(
                "UPDATE versions SET lock = ?4 WHERE bucket = ?1 AND key = ?2 AND sequence = ?3",
                .integer(object.bucketID),
                .utf8(object.key),
                .integer(-object.sequence),
                .blob(try change(lock).encoded)
            )
        }
    }
}

extension Connection {
    fileprivate func lock(of object: StoredObject) throws -> ObjectLock? {
        try first(
            "SELECT lock FROM versions WHERE bucket = ?1 AND key = ?2 AND sequence = ?3",
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(-object.sequence)
        ) { ObjectLock($0, 0) }
    }
}

extension ObjectLock {
    /// Reads a column; NULL is no lock.
    init(_ row: borrowing Row, _ column: Int32) {
        self = unsafe row.withBytes(column) { unsafe ObjectLock(encoded: $0) }
    }
}
