internal import S3Protocol
internal import SQLite

// Changes of the rows of accounts, identities and access keys.

/// The access key of a new user.
struct NewKey: Sendable {
    let id: String
    let secret: String
    let created: Timestamp
}

/// The identifiers that an account gets where it has to be made.
struct NewAccount: Sendable {
    let number: String
    let canonicalID: String
}

extension Connection {
    func count(_ sql: String, _ first: Value, _ second: Value? = nil) throws -> Int64 {
        if let second { return try self.first(sql, first, second) { $0.integer(0) } ?? 0 }
        return try self.first(sql, first) { $0.integer(0) } ?? 0
    }

    /// Sees to it that the root account is there, and has the configured number.
    func makeRootAccount(number: String, canonicalID: String) throws {
        try run(
            """
            INSERT INTO accounts(number, canonical_id, name, email, is_root)
            SELECT ?1, ?2, 'root', 'root@localhost', 1 WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE is_root)
            """,
            .text(number),
            .text(canonicalID)
        )
        // What is attached is named by the account's number too.
        try run(
            """
            UPDATE identity_policies SET name = 'arn:aws:iam::' || ?1 || substr(name, 26)
            WHERE document IS NULL AND substr(name, 14, 12) = (SELECT number FROM accounts WHERE is_root)
            """,
            .text(number)
        )
        try run("UPDATE accounts SET number = ?1 WHERE is_root", .text(number))
    }

    /// Fails where an identity is there no more.
    func requireIdentity(_ identity: Identity) throws {
        try requireIdentity(identity.id, .init(identity.kind), identity.name)
    }

    /// The same for one of which only the number is known.
    func requireIdentity(_ id: Int64, _ thing: DirectoryError.Thing, _ name: String = "") throws {
        let found = try first("SELECT 1 FROM identities WHERE id = ?1", .integer(id)) { _ in true }
        guard found != nil else { throw DirectoryError.missing(thing, name) }
    }

    /// Tables whose rows have tags.
    enum Tagged: String {
        case identities
        case policies
    }

    /// Makes new tags of those that a row has.
    func setTags(
        of id: Int64,
        in table: Tagged,
        _ change: ([Field]) throws -> [Field]
    ) throws {
        let old = try first("SELECT tags FROM \(table.rawValue) WHERE id = ?1", .integer(id)) {
            $0.optionalBlob(0).flatMap { [Field](encoded: $0) } ?? []
        }
        try run(
            "UPDATE \(table.rawValue) SET tags = ?2 WHERE id = ?1",
            .integer(id),
            .blob(try change(old ?? []).encoded)
        )
    }

    /// Fails where an account has an identity of a name, in any case.
    func requireFree(_ kind: Identity.Kind, _ name: String, in account: Int64) throws {
        let taken = try first(
            "SELECT 1 FROM identities WHERE account = ?1 AND kind = ?2 AND lower(name) = lower(?3)",
            .integer(account),
            .text(kind.rawValue),
            .text(name)
        ) { _ in true }
        guard taken == nil else { throw DirectoryError.exists(.init(kind), name) }
    }

    func insert(
        _ kind: Identity.Kind,
        _ name: String,
        path: String,
        tags: [Field],
        in account: Int64,
        at now: Timestamp
    ) throws -> Int64 {
        try requireFree(kind, name, in: account)
        let others = try count(
            "SELECT count(*) FROM identities WHERE account = ?1 AND kind = ?2",
            .integer(account),
            .text(kind.rawValue)
        )
        guard others < kind.quota else {
            throw DirectoryError.tooMany(
                "Cannot exceed quota for \(kind.plural)PerAccount: \(kind.quota)"
            )
        }
        try run(
            """
            INSERT INTO identities(account, kind, name, path, created, tags) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """,
            .integer(account),
            .text(kind.rawValue),
            .text(name),
            .text(path),
            .integer(now.milliseconds),
            .blob(tags.encoded)
        )
        return lastInsertedID
    }

    func insert(_ role: Identity.Role, of identity: Int64) throws {
        try run(
            "UPDATE identities SET trust = ?2, description = ?3, longest_session = ?4 WHERE id = ?1",
            .integer(identity),
            .text(role.trust),
            .text(role.description),
            .integer(role.longestSession)
        )
    }

    func put(_ policy: PolicyAttachment, on identity: Int64) throws {
        let (name, document): (String, String?) =
            switch policy {
            case .attached(let arn): (arn, nil)
            case .inline(let name, let document): (name, document)
            }
        if document == nil, !name.hasPrefix(CustomerPolicy.amazon) { try requirePolicy(arn: name) }
        try run(
            "INSERT OR REPLACE INTO identity_policies(identity, name, document) VALUES (?1, ?2, ?3)",
            .integer(identity),
            .text(name),
            .text(document)
        )
    }

    /// Fails where no account has a policy of an ARN.
    private func requirePolicy(arn: String) throws {
        let found = try first(
            """
            SELECT 1 FROM policies AS p JOIN accounts AS a ON a.id = p.account
            WHERE 'arn:aws:iam::' || a.number || ':policy' || p.path || p.name = ?1
            """,
            .text(arn)
        ) { _ in true }
        guard found != nil else { throw DirectoryError.missing(.policy, arn) }
    }

    /// The policies of an identity, its own and those that are attached.
    func policies(of identity: Int64) throws -> [PolicyAttachment] {
        try all(
            "SELECT name, document FROM identity_policies WHERE identity = ?1 ORDER BY name",
            .integer(identity)
        ) { row in
            row.optionalText(1).map { .inline(name: row.text(0), document: $0) }
                ?? .attached(arn: row.text(0))
        }
    }

    func insert(_ key: NewKey, user: Int64? = nil, root account: Int64? = nil) throws {
        let isTaken = try count("SELECT count(*) FROM access_keys WHERE id = ?1", .text(key.id)) > 0
        guard !isTaken else { throw DirectoryError.accessKeyTaken(key.id) }
        try run(
            "INSERT INTO access_keys(id, user, account, secret, created) VALUES (?1, ?2, ?3, ?4, ?5)",
            .text(key.id),
            .integer(user),
            .integer(account),
            .text(key.secret),
            .integer(key.created.milliseconds)
        )
    }

    /// Deletes an identity and all that is its own.
    func delete(_ identity: Int64) throws {
        for sql in [
            "DELETE FROM key_uses WHERE access_key IN (SELECT id FROM access_keys WHERE user = ?1)",
            "DELETE FROM access_keys WHERE user = ?1",
            "DELETE FROM identity_policies WHERE identity = ?1",
            "DELETE FROM members WHERE user = ?1 OR team = ?1",
            "DELETE FROM sessions WHERE identity = ?1",
            "DELETE FROM identities WHERE id = ?1",
        ] {
            try run(sql, .integer(identity))
        }
    }

    /// Fails where there is something of an identity.
    func requireUnused(_ identity: Int64) throws {
        for (sql, what) in [
            ("access_keys WHERE user = ?1", "must delete access keys first."),
            (
                "identity_policies WHERE identity = ?1 AND document IS NULL",
                "must detach all policies first."
            ),
            ("identity_policies WHERE identity = ?1", "must delete policies first."),
            ("members WHERE user = ?1 OR team = ?1", "must remove users from group first."),
        ] where try count("SELECT count(*) FROM \(sql)", .integer(identity)) > 0 {
            throw DirectoryError.inUse("Cannot delete entity, \(what)")
        }
    }

    /// The account of a name, or the root account for none.
    func accountID(_ name: String?) throws -> Int64? {
        guard let name else {
            return try first("SELECT id FROM accounts WHERE is_root") { $0.integer(0) }
        }
        return try first(
            "SELECT id FROM accounts WHERE name = ?1 OR number = ?1 OR canonical_id = ?1",
            .text(name)
        ) { $0.integer(0) }
    }

    func insertAccount(_ name: String, _ account: NewAccount) throws -> Int64 {
        try run(
            "INSERT INTO accounts(number, canonical_id, name, email) VALUES (?1, ?2, ?3, ?4)",
            .text(account.number),
            .text(account.canonicalID),
            .text(name),
            .text("\(name)@localhost")
        )
        return lastInsertedID
    }
}
