internal import S3Protocol
internal import SQLite
import Synchronization

extension Directory {
    /// The session of a temporary access key, also for a day after its end.
    public func session(_ accessKey: String) -> Session? { sessions.withLock { $0[accessKey] } }

    /// Begins a session; those that ended long ago are forgotten.
    ///
    /// - Throws: What writing to the index throws.
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
            expires: now.advanced(bySeconds: new.seconds).wholeSeconds
        )
        try await index.write { connection in
            try connection.forgetSessions(at: now)
            try connection.insert(session)
        } committed: {
            self.sessions.withLock { sessions in
                sessions = sessions.filter { !$0.value.isForgotten(at: now) }
                sessions[session.accessKey] = session
            }
        }
        return session
    }
}

extension Session {
    fileprivate func isForgotten(at now: Timestamp) -> Bool {
        expires.advanced(bySeconds: Self.remembrance) < now
    }
}

extension Connection {
    func forgetSessions(at now: Timestamp) throws {
        try run(
            "DELETE FROM sessions WHERE expires < ?1",
            .integer(now.advanced(bySeconds: -Session.remembrance).milliseconds)
        )
    }

    func sessions(of accounts: [Account.ID: Account]) throws -> [String: Session] {
        let sessions = try all(
            "SELECT access_key, secret, token, account, identity, name, policies, tags, expires FROM sessions"
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
                expires: Timestamp(milliseconds: row.integer(8))
            )
        }
        return Dictionary(
            uniqueKeysWithValues: sessions.compactMap(\.self).map { ($0.accessKey, $0) }
        )
    }

    fileprivate func insert(_ session: Session) throws {
        try run(
            """
            INSERT INTO sessions(access_key, secret, token, account, identity, name, policies, tags, expires)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            .text(session.accessKey),
            .text(session.secret),
            .text(session.token),
            .integer(session.account.id),
            session.identity.map { .integer($0) } ?? .null,
            .text(session.name),
            .blob(session.policies.encoded),
            .blob(session.tags.encoded),
            .integer(session.expires.milliseconds)
        )
    }
}
