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
            try connection.insert(key, user: user)
        }
        guard let made = credential(key.id) else { throw DirectoryError.accessKeyTaken(key.id) }
        return made
    }

    /// Makes a user, a group or, with what only a role has, a role.
    ///
    /// - Throws: ``DirectoryError/exists(_:_:)`` where the account has one of this name in any case,
    ///   ``DirectoryError/tooMany(_:)`` where it has as many as it may, or what writing to the index throws.
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
            if let role { try connection.insert(role, of: id) }
            return id
        }
        guard let made = identity(id) else { throw DirectoryError.missing(.init(kind), name) }
        return made
    }

    /// Gives an identity another name or path.
    ///
    /// - Throws: ``DirectoryError/changed(_:_:)`` where it has another name or path than it had, as what it will be
    ///   called has been decided by both; ``DirectoryError/exists(_:_:)``, ``DirectoryError/missing(_:_:)``, or what
    ///   writing to the index throws.
    public func rename(_ identity: Identity, to name: String?, path: String?) async throws {
        try await change { connection in
            let found = try connection.first(
                "SELECT name, path FROM identities WHERE id = ?1",
                .integer(identity.id)
            ) { ($0.text(0), $0.text(1)) }
            guard let found else {
                throw DirectoryError.missing(.init(identity.kind), identity.name)
            }
            guard found == (identity.name, identity.path) else {
                throw DirectoryError.changed(.init(identity.kind), identity.name)
            }
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

    /// Changes what only a role has; what is not to change stays as it is by then.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)``, or what writing to the index throws.
    public func set(_ change: RoleChange, of identity: Identity) async throws {
        try await self.change { connection in
            try connection.requireIdentity(identity)
            try connection.run(
                """
                UPDATE identities SET
                    trust = coalesce(?2, trust),
                    description = CASE WHEN ?3 IS NULL THEN description ELSE nullif(?3, '') END,
                    longest_session = coalesce(?4, longest_session)
                WHERE id = ?1
                """,
                .integer(identity.id),
                .text(change.trust),
                .text(change.description),
                .integer(change.longestSession)
            )
        }
    }

    /// Changes an identity's tags.
    ///
    /// - Parameters:
    ///   - identity: Whose tags.
    ///   - change: Makes the new ones of those that it has by then; it runs inside the transaction.
    /// - Throws: ``DirectoryError/missing(_:_:)``, what `change` throws, or what writing to the index throws.
    public func setTags(
        of identity: Identity,
        _ change: @escaping @Sendable ([Field]) throws -> [Field]
    ) async throws {
        try await self.change { connection in
            try connection.requireIdentity(identity)
            try connection.setTags(of: identity.id, in: .identities, change)
        }
    }

    /// Deletes an identity of which there is nothing left.
    ///
    /// - Throws: ``DirectoryError/inUse(_:)`` where it has policies, keys, groups or members, or what writing to
    ///   the index throws.
    public func delete(_ identity: Identity) async throws {
        try await change { connection in
            try connection.requireIdentity(identity)
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
    /// - Throws: ``DirectoryError/missing(_:_:)``, ``DirectoryError/tooMany(_:)``, or what writing to the index throws.
    public func set(_ isMember: Bool, _ user: Identity, in group: Identity) async throws {
        let sql =
            isMember
            ? "INSERT OR IGNORE INTO members(user, team) VALUES (?1, ?2)"
            : "DELETE FROM members WHERE user = ?1 AND team = ?2"
        try await change { connection in
            try connection.requireIdentity(user)
            try connection.requireIdentity(group)
            try connection.run(sql, .integer(user.id), .integer(group.id))
            let teams = "SELECT count(*) FROM members WHERE user = ?1"
            guard try connection.count(teams, .integer(user.id)) <= Identity.maximumGroups else {
                throw DirectoryError.tooMany(
                    "Cannot exceed quota for GroupsPerUser: \(Identity.maximumGroups)"
                )
            }
        }
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
