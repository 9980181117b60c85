internal import S3Protocol
internal import SQLite

// The rows of `accounts`, `users`, `user_policies` and `access_keys`.

/// Everything the directory holds, at one moment.
struct DirectoryContents: Sendable {
    let root: Account
    let accounts: [Account.ID: Account]
    let users: [User]
    let keys: [String: AccessKey]

    /// Reads all of it.
    init(_ connection: Connection) throws {
        let all = try connection.all(
            "SELECT id, number, canonical_id, name, email, is_root FROM accounts ORDER BY id"
        ) { row in
            Account(
                id: row.integer(0),
                number: row.text(1),
                canonicalID: row.text(2),
                displayName: row.text(3),
                email: row.text(4),
                isRoot: row.boolean(5)
            )
        }
        guard let root = all.first(where: \.isRoot) else { throw MissingRootAccount() }
        self.root = root
        accounts = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        let accounts = accounts
        users = try connection.all("SELECT id, account, name FROM users ORDER BY id") { row in
            User(
                id: row.integer(0),
                account: accounts[row.integer(1)] ?? root,
                name: row.text(2),
                policies: try connection.policies(of: row.integer(0))
            )
        }
        let usersByID = Dictionary(uniqueKeysWithValues: users.map { ($0.id, $0) })
        let keys = try connection.all(
            "SELECT id, secret, session_token, user, is_active FROM access_keys"
        ) { row in
            usersByID[row.integer(3)].map { user in
                AccessKey(
                    id: row.text(0),
                    secret: row.text(1),
                    sessionToken: row.optionalText(2),
                    user: user,
                    isActive: row.boolean(4)
                )
            }
        }
        self.keys = Dictionary(uniqueKeysWithValues: keys.compactMap(\.self).map { ($0.id, $0) })
    }

    private struct MissingRootAccount: Error {}
}

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
    func policies(of userID: Int64) throws -> [PolicyAttachment] {
        try all(
            "SELECT name, document FROM user_policies WHERE user = ?1 ORDER BY name",
            .integer(userID)
        ) { row in
            row.optionalText(1).map { .inline(name: row.text(0), document: $0) }
                ?? .managed(row.text(0))
        }
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
        try run("UPDATE accounts SET number = ?1 WHERE is_root", .text(number))
    }

    func insert(_ new: NewUser, key: NewKey, inAccount account: NewAccount) throws {
        let accountID = try accountID(new.account) ?? insertAccount(new.account ?? "", account)
        guard try userID(new.name, in: accountID) == nil else {
            throw DirectoryError.userExists(new.name)
        }
        let isTaken = try first("SELECT 1 FROM access_keys WHERE id = ?1", .text(key.id)) { _ in
            true
        }
        guard isTaken == nil else { throw DirectoryError.accessKeyTaken(key.id) }
        try run(
            "INSERT INTO users(account, name, created) VALUES (?1, ?2, ?3)",
            .integer(accountID),
            .text(new.name),
            .integer(key.created.milliseconds)
        )
        let user = lastInsertedID
        for policy in new.policies {
            let document: String? = if case .inline(_, let text) = policy { text } else { nil }
            try run(
                "INSERT OR REPLACE INTO user_policies(user, name, document) VALUES (?1, ?2, ?3)",
                .integer(user),
                .text(policy.name),
                .text(document)
            )
        }
        try run(
            "INSERT INTO access_keys(id, user, secret, created) VALUES (?1, ?2, ?3, ?4)",
            .text(key.id),
            .integer(user),
            .text(key.secret),
            .integer(key.created.milliseconds)
        )
    }

    func deleteUser(_ name: String, account: String?) throws {
        guard let accountID = try accountID(account), let user = try userID(name, in: accountID)
        else {
            throw DirectoryError.noSuchUser(name)
        }
        try run("DELETE FROM access_keys WHERE user = ?1", .integer(user))
        try run("DELETE FROM user_policies WHERE user = ?1", .integer(user))
        try run("DELETE FROM users WHERE id = ?1", .integer(user))
    }

    /// The account of a name, or the root account for none.
    private func accountID(_ name: String?) throws -> Int64? {
        guard let name else {
            return try first("SELECT id FROM accounts WHERE is_root") { $0.integer(0) }
        }
        return try first(
            "SELECT id FROM accounts WHERE name = ?1 OR number = ?1 OR canonical_id = ?1",
            .text(name)
        ) { $0.integer(0) }
    }

    private func userID(_ name: String, in accountID: Int64) throws -> Int64? {
        try first(
            "SELECT id FROM users WHERE account = ?1 AND name = ?2",
            .integer(accountID),
            .text(name)
        ) { $0.integer(0) }
    }

    private func insertAccount(_ name: String, _ account: NewAccount) throws -> Int64 {
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
