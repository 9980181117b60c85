internal import S3Protocol
internal import SQLite

extension Directory {
    /// Attaches a policy to an identity or puts one of its own on it, in place of one of its name.
    ///
    /// - Parameters:
    ///   - policy: The policy.
    ///   - identity: Who is to have it.
    ///   - check: Is told, inside the transaction, which policies the identity has by then, and may throw.
    /// - Throws: ``DirectoryError/missing(_:_:)`` where the identity or an account's policy went meanwhile, what
    ///   `check` throws, or what writing to the index throws.
    public func put(
        _ policy: PolicyAttachment,
        on identity: Identity,
        _ check: @escaping @Sendable ([PolicyAttachment]) throws -> Void = { _ in }
    ) async throws {
        try await change { connection in
            try connection.requireIdentity(identity)
            try check(try connection.policies(of: identity.id))
            try connection.put(policy, on: identity.id)
        }
    }

    /// Takes a policy from an identity.
    ///
    /// - Throws: What writing to the index throws.
    public func remove(_ policy: PolicyAttachment, from identity: Identity) async throws {
        let name =
            switch policy {
            case .attached(let arn): arn
            case .inline(let name, _): name
            }
        try await change { connection in
            try connection.run(
                "DELETE FROM identity_policies WHERE identity = ?1 AND name = ?2",
                .integer(identity.id),
                .text(name)
            )
        }
    }

    /// Makes a policy of an account, with a first version that is in force.
    ///
    /// - Throws: ``DirectoryError/exists(_:_:)``, ``DirectoryError/tooMany(_:)``, or what writing to the index throws.
    public func createPolicy(
        _ name: String,
        path: String,
        description: String?,
        document: String,
        tags: [Field],
        in account: Account
    ) async throws -> CustomerPolicy {
        let now = time.now()
        try await change { connection in
            let count = try connection.count(
                "SELECT count(*) FROM policies WHERE account = ?1 AND lower(name) = lower(?2)",
                .integer(account.id),
                .text(name)
            )
            guard count == 0 else { throw DirectoryError.exists(.policy, name) }
            try connection.requireRoomForPolicy(in: account.id)
            try connection.run(
                """
                INSERT INTO policies(account, name, path, description, created, updated, in_force, tags)
                VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1, ?6)
                """,
                .integer(account.id),
                .text(name),
                .text(path),
                .text(description),
                .integer(now.milliseconds),
                .blob(tags.encoded)
            )
            try connection.insertVersion(1, document, of: connection.lastInsertedID, at: now)
        }
        let arn = "arn:aws:iam::\(account.number):policy\(path)\(name)"
        guard let made = policy(arn) else { throw DirectoryError.missing(.policy, arn) }
        return made
    }

    /// Adds a version to a policy.
    ///
    /// - Returns: The version's number.
    /// - Throws: ``DirectoryError/tooMany(_:)`` where it has five, or what writing to the index throws.
    public func addVersion(
        _ document: String,
        to policy: CustomerPolicy,
        inForce: Bool
    ) async throws -> Int64 {
        let now = time.now()
        return try await change { connection in
            try connection.requirePolicy(policy)
            let (count, last) =
                try connection.first(
                    "SELECT count(*), max(number) FROM policy_versions WHERE policy = ?1",
                    .integer(policy.id)
                ) { ($0.integer(0), $0.integer(1)) } ?? (0, 0)
            guard count < CustomerPolicy.maximumVersions else {
                throw DirectoryError.tooMany(
                    "A managed policy can have up to \(CustomerPolicy.maximumVersions) versions. "
                        + "Before you create a new version, you must delete an existing version."
                )
            }
            try connection.requireRoomForVersion(in: policy.account.id)
            let number = max(last, policy.inForce) &+ 1
            try connection.insertVersion(number, document, of: policy.id, at: now)
            if inForce { try connection.putInForce(number, of: policy.id, at: now) }
            return number
        }
    }

    /// Puts a version of a policy in force.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)`` where it went meanwhile, or what writing to the index throws.
    public func putInForce(_ version: Int64, of policy: CustomerPolicy) async throws {
        let now = time.now()
        try await change { connection in
            try connection.requireVersion(version, of: policy)
            try connection.putInForce(version, of: policy.id, at: now)
        }
    }

    /// Deletes a version of a policy that is not in force.
    ///
    /// - Throws: ``DirectoryError/inUse(_:)`` where it is in force by then, ``DirectoryError/missing(_:_:)`` where it
    ///   went meanwhile, or what writing to the index throws.
    public func deleteVersion(_ version: Int64, of policy: CustomerPolicy) async throws {
        try await change { connection in
            try connection.requireVersion(version, of: policy)
            let inForce = try connection.count(
                "SELECT count(*) FROM policies WHERE id = ?1 AND in_force = ?2",
                .integer(policy.id),
                .integer(version)
            )
            guard inForce == 0 else {
                throw DirectoryError.inUse("Cannot delete the default version of a policy.")
            }
            try connection.run(
                "DELETE FROM policy_versions WHERE policy = ?1 AND number = ?2",
                .integer(policy.id),
                .integer(version)
            )
        }
    }

    /// Changes a policy's tags.
    ///
    /// - Parameters:
    ///   - policy: Whose tags.
    ///   - change: Makes the new ones of those that it has by then; it runs inside the transaction.
    /// - Throws: ``DirectoryError/missing(_:_:)``, what `change` throws, or what writing to the index throws.
    public func setTags(
        of policy: CustomerPolicy,
        _ change: @escaping @Sendable ([Field]) throws -> [Field]
    ) async throws {
        try await self.change { connection in
            try connection.requirePolicy(policy)
            try connection.setTags(of: policy.id, in: .policies, change)
        }
    }

    /// Deletes a policy that is attached to nobody and has no version but the one in force.
    ///
    /// - Throws: ``DirectoryError/inUse(_:)``, or what writing to the index throws.
    public func delete(_ policy: CustomerPolicy) async throws {
        try await change { connection in
            let uses = try connection.count(
                "SELECT count(*) FROM identity_policies WHERE name = ?1",
                .text(policy.arn)
            )
            guard uses == 0 else {
                throw DirectoryError.inUse("Cannot delete a policy attached to entities.")
            }
            let versions = try connection.count(
                "SELECT count(*) FROM policy_versions WHERE policy = ?1",
                .integer(policy.id)
            )
            guard versions <= 1 else {
                throw DirectoryError.inUse(
                    "This policy has more than one version. Before you delete a policy, you must delete "
                        + "the policy's versions. The default version is deleted with the policy."
                )
            }
            try connection.run(
                "DELETE FROM policy_versions WHERE policy = ?1",
                .integer(policy.id)
            )
            try connection.run("DELETE FROM policies WHERE id = ?1", .integer(policy.id))
        }
    }
}

extension Connection {
    fileprivate func requirePolicy(_ policy: CustomerPolicy) throws {
        let count = try count("SELECT count(*) FROM policies WHERE id = ?1", .integer(policy.id))
        guard count == 1 else { throw DirectoryError.missing(.policy, policy.arn) }
    }

    fileprivate func requireVersion(_ version: Int64, of policy: CustomerPolicy) throws {
        let count = try count(
            "SELECT count(*) FROM policy_versions WHERE policy = ?1 AND number = ?2",
            .integer(policy.id),
            .integer(version)
        )
        guard count == 1 else {
            throw DirectoryError.missing(.policy, "\(policy.arn) version v\(version)")
        }
    }

    fileprivate func requireRoomForPolicy(in account: Int64) throws {
        let count = try count("SELECT count(*) FROM policies WHERE account = ?1", .integer(account))
        guard count < CustomerPolicy.quota else {
            throw DirectoryError.tooMany(
                "Cannot exceed quota for PoliciesPerAccount: \(CustomerPolicy.quota)"
            )
        }
        try requireRoomForVersion(in: account)
    }

    fileprivate func requireRoomForVersion(in account: Int64) throws {
        let count = try count(
            """
            SELECT count(*) FROM policy_versions
            WHERE policy IN (SELECT id FROM policies WHERE account = ?1)
            """,
            .integer(account)
        )
        guard count < CustomerPolicy.versionsQuota else {
            throw DirectoryError.tooMany(
                "Cannot exceed quota for PolicyVersionsInUse: \(CustomerPolicy.versionsQuota)"
            )
        }
    }

    fileprivate func insertVersion(
        _ number: Int64,
        _ document: String,
        of policy: Int64,
        at now: Timestamp
    ) throws {
        try run(
            "INSERT INTO policy_versions(policy, number, document, created) VALUES (?1, ?2, ?3, ?4)",
            .integer(policy),
            .integer(number),
            .text(document),
            .integer(now.milliseconds)
        )
    }

    fileprivate func putInForce(_ version: Int64, of policy: Int64, at now: Timestamp) throws {
        try run(
            "UPDATE policies SET in_force = ?2, updated = ?3 WHERE id = ?1",
            .integer(policy),
            .integer(version),
            .integer(now.milliseconds)
        )
    }
}
