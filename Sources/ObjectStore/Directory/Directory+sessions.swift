internal import S3Protocol
internal import SQLite
import Synchronization

extension Directory {
    /// The session of a temporary access key, also for a day after its end.
    public func session(_ accessKey: String) -> Session? {
        guard let session = sessions.withLock({ $0[accessKey] }) else { return nil }
        return session.isForgotten(at: time.now()) ? nil : session
    }

    /// Begins a session; now and then those that ended long ago are forgotten.
    ///
    /// - Throws: ``DirectoryError/tooMany(_:)`` where the account has ``Session/limit``,
    ///   ``DirectoryError/missing(_:_:)`` where whom it is to stand for went meanwhile, or what writing to the
    ///   index throws.
    public func begin(_ new: NewSession) async throws -> Session {
        let now = time.now()
        let session = Session(
            accessKey: "ASIA" + random.text(of: 16, from: Self.keyAlphabet),
            secret: newSecret(),
            token: random.text(of: 200, from: Self.secretAlphabet),
            account: new.account,
            identity: new.identity,
            name: new.name,
            policies: new.policies,
            tags: new.tags,
            began: now,
            expires: now.advanced(bySeconds: new.seconds).wholeSeconds
        )
        let contents = contents
        let forgotten = try sessions.withLock { sessions throws(DirectoryError) in
            try sessions.reserve(for: new.account.id, limit: sessionLimit, at: now) { session in
                session.identity.map { contents.identities[$0] == nil } ?? false
            }
        }
        do {
            try await index.write { connection in
                for key in forgotten ?? [] { try connection.deleteSession(key) }
                if forgotten != nil { try connection.forgetSessions(at: now) }
                if let identity = session.identity {
                    let thing: DirectoryError.Thing = session.name == nil ? .user : .role
                    try connection.requireIdentity(identity, thing)
                }
                try connection.insert(session)
            } committed: {
                self.sessions.withLock { $0.add(session) }
            }
        } catch {
            sessions.withLock { $0.release(for: new.account.id) }
            throw error
        }
        return session
    }
}

extension Connection {
    func forgetSessions(at now: Timestamp) throws {
        try run(
            "DELETE FROM sessions WHERE expires < ?1",
            .integer(now.advanced(bySeconds: -Session.remembrance).milliseconds)
        )
    }

    fileprivate func deleteSession(_ accessKey: String) throws {
        try run("DELETE FROM sessions WHERE access_key = ?1", .text(accessKey))
    }

    func sessions(of accounts: [Account.ID: Account]) throws -> [String: Session] {
        let sessions = try all(
            """
            SELECT access_key, secret, token, account, identity, name, policies, tags, began, expires
            FROM sessions
            """
        ) { row -> Session? in
            // A session whose narrowing cannot be read is none: it would allow too much.
            guard let account = accounts[row.integer(3)],
                let policies = [Field](encoded: row.blob(6)),
                let tags = [Field](encoded: row.blob(7))
            else { return nil }
            return Session(
                accessKey: row.text(0),
                secret: row.text(1),
                token: row.text(2),
                account: account,
                identity: row.optionalInteger(4),
                name: row.optionalText(5),
                policies: policies,
                tags: tags,
                began: Timestamp(milliseconds: row.integer(8)),
                expires: Timestamp(milliseconds: row.integer(9))
            )
        }
        return Dictionary(
            uniqueKeysWithValues: sessions.compactMap(\.self).map { ($0.accessKey, $0) }
        )
    }

    fileprivate func insert(_ session: Session) throws {
        try run(
            """
            INSERT INTO sessions(access_key, secret, token, account, identity, name, policies, tags, began, expires)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """,
            .text(session.accessKey),
            .text(session.secret),
            .text(session.token),
            .integer(session.account.id),
            session.identity.map { .integer($0) } ?? .null,
            .text(session.name),
            .blob(session.policies.encoded),
            .blob(session.tags.encoded),
            .integer(session.began.milliseconds),
            .integer(session.expires.milliseconds)
        )
    }
}
