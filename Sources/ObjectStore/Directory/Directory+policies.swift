internal import S3Protocol
internal import SQLite

extension Directory {
    /// Attaches a policy to an identity or puts one of its own on it, in place of one of its name.
    ///
    /// - Throws: ``DirectoryError/missing(_:_:)`` where an account's policy went meanwhile, or what writing to the
    ///   index throws.
    public func put(_ policy: PolicyAttachment, on identity: Identity) async throws {
        let customer: CustomerPolicy? =
            if case .attached(let arn) = policy { self.policy(arn) } else { nil }
        try await change { connection in
            if let customer { try connection.requirePolicy(customer) }
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
    /// - Throws: ``DirectoryError/exists(_:_:)``, or what writing to the index throws.
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
            let number = max(last, policy.inForce) &+ 1
            try connection.insertVersion(number, document, of: policy.id, at: now)
            if inForce { try connection.putInForce(number, of: policy.id, at: now) }
            return number
        }
    }

    /// Puts a version of a policy in force.
    ///
    /// - Throws: What writing to the index throws.
    public func putInForce(_ version: Int64, of policy: CustomerPolicy) async throws {
        let now = time.now()
        try await change { try $0.putInForce(version, of: policy.id, at: now) }
    }

    /// Deletes a version of a policy that is not in force.
    ///
    /// - Throws: What writing to the index throws.
    public func deleteVersion(_ version: Int64, of policy: CustomerPolicy) async throws {
        try await change { connection in
            try connection.run(
                """
                DELETE FROM policy_versions WHERE policy = ?1 AND number = ?2
                    AND NOT EXISTS (SELECT 1 FROM policies WHERE id = ?1 AND in_force = ?2)
                """,
                .integer(policy.id),
                .integer(version)
            )
        }
    }

    /// Changes a policy's tags.
    ///
    /// - Throws: What writing to the index throws.
    public func set(tags: [Field], of policy: CustomerPolicy) async throws {
        try await change { connection in
            try connection.run(
                "UPDATE policies SET tags = ?2 WHERE id = ?1",
                .integer(policy.id),
                .blob(tags.encoded)
            )
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
