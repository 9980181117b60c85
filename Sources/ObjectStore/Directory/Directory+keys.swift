internal import S3Protocol
internal import SQLite
import Synchronization

extension Directory {
    /// Makes an access key of a user.
    ///
    /// - Parameters:
    ///   - user: Whose it is.
    ///   - limit: How many a user may have.
    ///   - id: Its public half; `nil` for one that is made up.
    ///   - secret: Its secret half; `nil` for one that is made up.
    /// - Returns: The key with its secret.
    /// - Throws: ``DirectoryError``, or what writing to the index throws.
    public func createKey(
        of user: Identity,
        limit: Int = .max,
        id: String? = nil,
        secret: String? = nil
    ) async throws -> AccessKey {
        let key = newKey(id, secret)
        try await change { connection in
            try connection.requireIdentity(user)
            let keys = "SELECT count(*) FROM access_keys WHERE user = ?1"
            try Self.require(try connection.count(keys, .integer(user.id)), below: limit)
            try connection.insert(key, user: user.id)
        }
        return try made(key)
    }

    /// Makes an access key of the root of an account, which may do everything there.
    ///
    /// - Parameters:
    ///   - account: Whose root.
    ///   - limit: How many a root may have.
    ///   - others: How many of them are not here, as the one that a daemon is started with.
    ///   - id: Its public half; `nil` for one that is made up.
    ///   - secret: Its secret half; `nil` for one that is made up.
    /// - Returns: The key with its secret.
    /// - Throws: ``DirectoryError``, or what writing to the index throws.
    public func createRootKey(
        of account: Account,
        limit: Int = .max,
        others: Int = 0,
        id: String? = nil,
        secret: String? = nil
    ) async throws -> AccessKey {
        let key = newKey(id, secret)
        try await change { connection in
            let keys = "SELECT count(*) FROM access_keys WHERE account = ?1"
            let count = try connection.count(keys, .integer(account.id)) + Int64(others)
            try Self.require(count, below: limit)
            try connection.insert(key, root: account.id)
        }
        return try made(key)
    }

    /// Enables or disables an access key.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)`` where it went meanwhile, or what writing to the index throws.
    public func setKey(_ key: AccessKey, isActive: Bool) async throws {
        try await change { connection in
            try connection.run(
                "UPDATE access_keys SET is_active = ?2 WHERE id = ?1",
                .text(key.id),
                .integer(isActive ? 1 : 0)
            )
            guard connection.changedRows > 0 else {
                throw DirectoryError.missing(.accessKey, key.id)
            }
        }
    }

    /// Deletes an access key.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)`` where it went meanwhile, or what writing to the index throws.
    public func deleteKey(_ key: AccessKey) async throws {
        try await change { connection in
            try connection.run("DELETE FROM access_keys WHERE id = ?1", .text(key.id))
            guard connection.changedRows > 0 else {
                throw DirectoryError.missing(.accessKey, key.id)
            }
            try connection.run("DELETE FROM key_uses WHERE access_key = ?1", .text(key.id))
        }
        uses.withLock { $0.forget(key.id) }
    }

    private func made(_ key: NewKey) throws(DirectoryError) -> AccessKey {
        guard let made = credential(key.id) else { throw .accessKeyTaken(key.id) }
        return made
    }

    private static func require(_ count: Int64, below limit: Int) throws(DirectoryError) {
        guard count < limit else {
            throw .tooMany("Cannot exceed quota for AccessKeysPerUser: \(limit)")
        }
    }
}
