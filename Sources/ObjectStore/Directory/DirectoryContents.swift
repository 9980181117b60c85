internal import S3Protocol
internal import SQLite

/// Everything the directory holds, at one moment.
struct DirectoryContents: Sendable {
    let root: Account
    let accounts: [Account.ID: Account]
    let identities: [Int64: Identity]
    let keys: [String: AccessKey]
    /// The policies of accounts, by ARN.
    let policies: [String: CustomerPolicy]
    /// What is set for whole accounts.
    let settings: [Account.ID: [String: [UInt8]]]
    private let names: [Name: Int64]

    private struct Name: Hashable {
        private let account: Account.ID
        private let kind: Identity.Kind
        private let name: String

        /// Names differ in more than their case.
        init(_ kind: Identity.Kind, _ name: String, in account: Account.ID) {
            self.account = account
            self.kind = kind
            self.name = name.lowercased()
        }
    }

    private struct MissingRootAccount: Error {}

    /// Reads all of it.
    init(_ connection: Connection) throws {
        let all = try connection.accounts()
        guard let root = all.first(where: \.isRoot) else { throw MissingRootAccount() }
        self.root = root
        let accounts = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
        self.accounts = accounts
        let found = try connection.identities(of: accounts)
        identities = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        names = Dictionary(
            found.map { (Name($0.kind, $0.name, in: $0.account.id), $0.id) }
        ) { first, _ in first }
        keys = try connection.keys(of: identities, accounts)
        policies = try connection.policies(of: accounts)
        settings = try connection.accountSettings()
    }

    /// The identities of a kind, in the order in which they were made.
    func identities(_ kind: Identity.Kind) -> [Identity] {
        identities.values.filter { $0.kind == kind }.sorted { $0.id < $1.id }
    }

    func identity(_ kind: Identity.Kind, _ name: String, in account: Account.ID) -> Identity? {
        names[Name(kind, name, in: account)].flatMap { identities[$0] }
    }

    /// The texts of all policies that hold for an identity: its own, and those of its groups.
    func texts(of identity: Identity) -> [PolicyText] {
        let holders = [identity] + identity.groups.compactMap { identities[$0] }
        return holders.flatMap(\.policies).compactMap { policy in
            switch policy {
            case .inline(_, let document): .document(document)
            case .attached(let arn) where arn.hasPrefix(CustomerPolicy.amazon): .amazon(arn: arn)
            case .attached(let arn): policies[arn]?.document.map { .document($0) }
            }
        }
    }
}

extension Connection {
    fileprivate func accounts() throws -> [Account] {
        try all("SELECT id, number, canonical_id, name, email, is_root FROM accounts ORDER BY id") {
            Account(
                id: $0.integer(0),
                number: $0.text(1),
                canonicalID: $0.text(2),
                displayName: $0.text(3),
                email: $0.text(4),
                isRoot: $0.boolean(5)
            )
        }
    }

    fileprivate func identities(of accounts: [Account.ID: Account]) throws -> [Identity] {
        let attachments = Dictionary(
            grouping: try all(
                "SELECT identity, name, document FROM identity_policies ORDER BY name"
            ) {
                row in
                (
                    row.integer(0),
                    row.optionalText(2).map { .inline(name: row.text(1), document: $0) }
                        ?? PolicyAttachment.attached(arn: row.text(1))
                )
            },
            by: \.0
        )
        let groups = Dictionary(
            grouping: try all("SELECT user, team FROM members ORDER BY team") {
                ($0.integer(0), $0.integer(1))
            },
            by: \.0
        )
        return try all(
            """
            SELECT id, account, kind, name, path, created, trust, description, longest_session, tags
            FROM identities ORDER BY id
            """
        ) { row -> Identity? in
            guard let account = accounts[row.integer(1)],
                let kind = Identity.Kind(rawValue: row.text(2))
            else { return nil }
            return Identity(
                id: row.integer(0),
                kind: kind,
                account: account,
                name: row.text(3),
                path: row.text(4),
                created: Timestamp(milliseconds: row.integer(5)),
                policies: attachments[row.integer(0)]?.map(\.1) ?? [],
                groups: groups[row.integer(0)]?.map(\.1) ?? [],
                role: row.optionalText(6).map {
                    Identity.Role(
                        trust: $0,
                        description: row.optionalText(7),
                        longestSession: row.integer(8)
                    )
                },
                tags: row.optionalBlob(9).flatMap { [Field](encoded: $0) } ?? []
            )
        }
        .compactMap(\.self)
    }

    fileprivate func keys(
        of identities: [Int64: Identity],
        _ accounts: [Account.ID: Account]
    ) throws -> [String: AccessKey] {
        let keys = try all(
            "SELECT id, secret, user, account, is_active, created FROM access_keys"
        ) { row -> AccessKey? in
            let user = row.optionalInteger(2).flatMap { identities[$0] }
            let root = row.optionalInteger(3).flatMap { accounts[$0] }
            let holder = user.map(AccessKey.Holder.user) ?? root.map(AccessKey.Holder.root)
            return holder.map { holder in
                AccessKey(
                    id: row.text(0),
                    secret: row.text(1),
                    holder: holder,
                    isActive: row.boolean(4),
                    created: Timestamp(milliseconds: row.integer(5))
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: keys.compactMap(\.self).map { ($0.id, $0) })
    }

    fileprivate func policies(
        of accounts: [Account.ID: Account]
    ) throws -> [String: CustomerPolicy] {
        let versions = Dictionary(
            grouping: try all(
                "SELECT policy, number, document, created FROM policy_versions ORDER BY policy, number"
            ) { row in
                (
                    row.integer(0),
                    CustomerPolicy.Version(
                        number: row.integer(1),
                        document: row.text(2),
                        created: Timestamp(milliseconds: row.integer(3))
                    )
                )
            },
            by: \.0
        )
        let policies = try all(
            """
            SELECT id, account, name, path, description, created, updated, in_force, tags FROM policies
            """
        ) { row -> CustomerPolicy? in
            accounts[row.integer(1)].map { account in
                CustomerPolicy(
                    id: row.integer(0),
                    account: account,
                    name: row.text(2),
                    path: row.text(3),
                    description: row.optionalText(4),
                    created: Timestamp(milliseconds: row.integer(5)),
                    updated: Timestamp(milliseconds: row.integer(6)),
                    inForce: row.integer(7),
                    versions: versions[row.integer(0)]?.map(\.1) ?? [],
                    tags: row.optionalBlob(8).flatMap { [Field](encoded: $0) } ?? []
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: policies.compactMap(\.self).map { ($0.arn, $0) })
    }

    fileprivate func accountSettings() throws -> [Account.ID: [String: [UInt8]]] {
        var settings: [Account.ID: [String: [UInt8]]] = [:]
        try scan("SELECT account, name, document FROM account_settings") { row in
            settings[row.integer(0), default: [:]][row.text(1)] = row.blob(2)
            return true
        }
        return settings
    }
}
