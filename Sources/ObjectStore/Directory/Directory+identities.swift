internal import S3Protocol
internal import SQLite

extension Directory {
    /// Makes a user with an access key, and the account where it is missing.
    ///
    /// - Throws: ``DirectoryError``, or what writing to the index throws.
    public func createUser(_ new: NewUser) async throws -> AccessKey {
        for name in [new.name, new.account].compactMap(\.self) where !Self.isName(name) {
            throw DirectoryError.invalidName(name)
        }
        let key = newKey(new.accessKey, new.secretKey)
        let account = NewAccount(
            number: "1" + random.text(of: 11, from: "0123456789"),
            canonicalID: Self.canonicalID(random)
        )
        try await change { connection in
            let owner =
                try connection.accountID(new.account)
                ?? connection.insertAccount(new.account ?? "", account)
            let user = try connection.insert(
                .user,
                new.name,
                path: "/",
                tags: [],
                in: owner,
                at: key.created
            )
            for policy in new.policies { try connection.put(policy, on: user) }
            try connection.insert(key, of: user)
        }
        guard let made = credential(key.id) else { throw DirectoryError.accessKeyTaken(key.id) }
        return made
    }

    /// Makes a user, a group or, with what only a role has, a role.
    ///
    /// - Throws: ``DirectoryError/exists(_:_:)`` where the account has one of this name in any case, or what
    ///   writing to the index throws.
    public func create(
        _ kind: Identity.Kind,
        _ name: String,
        path: String = "/",
        role: Identity.Role? = nil,
        tags: [Field] = [],
        in account: Account.ID
    ) async throws -> Identity {
        let now = time.now()
        let id = try await change { connection in
            let id = try connection.insert(
                kind,
                name,
                path: path,
                tags: tags,
                in: account,
                at: now
            )
            if let role { try connection.set(role, of: id) }
            return id
        }
        guard let made = identity(id) else { throw DirectoryError.missing(.init(kind), name) }
        return made
    }

    /// Gives an identity another name or path.
    ///
    /// - Throws: ``DirectoryError``, or what writing to the index throws.
    public func rename(_ identity: Identity, to name: String?, path: String?) async throws {
        try await change { connection in
            if let name, name.lowercased() != identity.name.lowercased() {
                try connection.requireFree(identity.kind, name, in: identity.account.id)
            }
            try connection.run(
                "UPDATE identities SET name = ?2, path = ?3 WHERE id = ?1",
                .integer(identity.id),
                .text(name ?? identity.name),
                .text(path ?? identity.path)
            )
        }
    }

    /// Changes what only a role has.
    ///
    /// - Throws: What writing to the index throws.
    public func set(_ role: Identity.Role, of identity: Identity) async throws {
        try await change { try $0.set(role, of: identity.id) }
    }

    /// Changes an identity's tags.
    ///
    /// - Throws: What writing to the index throws.
    public func set(tags: [Field], of identity: Identity) async throws {
        try await change { connection in
            try connection.run(
                "UPDATE identities SET tags = ?2 WHERE id = ?1",
                .integer(identity.id),
                .blob(tags.encoded)
            )
        }
    }

    /// Deletes an identity of which there is nothing left.
    ///
    /// - Throws: ``DirectoryError/inUse(_:)`` where it has policies, keys, groups or members, or what writing to
    ///   the index throws.
    public func delete(_ identity: Identity) async throws {
        try await change { connection in
            try connection.requireUnused(identity.id)
            try connection.delete(identity.id)
        }
    }

    /// Deletes a user with all their access keys and policies; the account and what it owns stay.
    ///
    /// - Parameters:
    ///   - name: The user's name.
    ///   - account: The name of the user's account; `nil` for the root account.
    /// - Throws: ``DirectoryError/missing(_:_:)``, or what writing to the index throws.
    public func deleteUser(_ name: String, account: String? = nil) async throws {
        let user = try user(name, account: account)
        try await change { try $0.delete(user.id) }
    }

    /// The user of a name in an account that is named too.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)``.
    public func user(_ name: String, account: String? = nil) throws(DirectoryError) -> Identity {
        let account = account.map { self.account(named: $0)?.id } ?? rootAccount.id
        guard let account, let user = identity(.user, name, in: account) else {
            throw .missing(.user, name)
        }
        return user
    }

    // MARK: Groups

    /// Puts a user into a group, or out of it.
    ///
    /// - Throws: What writing to the index throws.
    public func set(_ isMember: Bool, _ user: Identity, in group: Identity) async throws {
        let sql =
            isMember
            ? "INSERT OR IGNORE INTO members(user, team) VALUES (?1, ?2)"
            : "DELETE FROM members WHERE user = ?1 AND team = ?2"
        try await change { try $0.run(sql, .integer(user.id), .integer(group.id)) }
    }

    // MARK: Keys

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
            let count = try connection.count(
                "SELECT count(*) FROM access_keys WHERE user = ?1",
                .integer(user.id)
            )
            guard count < limit else {
                throw DirectoryError.tooMany("Cannot exceed quota for AccessKeysPerUser: \(limit)")
            }
            try connection.insert(key, of: user.id)
        }
        guard let made = credential(key.id) else { throw DirectoryError.accessKeyTaken(key.id) }
        return made
    }

    /// Enables or disables an access key.
    ///
    /// - Throws: What writing to the index throws.
    public func setKey(_ key: AccessKey, isActive: Bool) async throws {
        try await change { connection in
            try connection.run(
                "UPDATE access_keys SET is_active = ?2 WHERE id = ?1",
                .text(key.id),
                .integer(isActive ? 1 : 0)
            )
        }
    }

    /// Deletes an access key.
    ///
    /// - Throws: What writing to the index throws.
    public func deleteKey(_ key: AccessKey) async throws {
        try await change { try $0.run("DELETE FROM access_keys WHERE id = ?1", .text(key.id)) }
    }

    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "+=,.@_-".utf8.contains(byte)
                }
            }
    }
}
