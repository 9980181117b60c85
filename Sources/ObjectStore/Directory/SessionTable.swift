internal import S3Protocol

/// The sessions that are known, those that ended lately too.
struct SessionTable: Sendable {
    /// How long after one look for what can be forgotten the next is, in seconds: each is a look at all of them.
    static let pause: Int64 = 60

    private var sessions: [String: Session]
    /// How many there are of each account, with those that are about to be.
    private var counts: [Account.ID: Int]
    private var nextLook: Timestamp

    init(_ sessions: [String: Session], at now: Timestamp) {
        self.sessions = sessions
        counts = sessions.values.reduce(into: [:]) { $0[$1.account.id, default: 0] += 1 }
        nextLook = now
    }

    subscript(_ accessKey: String) -> Session? { sessions[accessKey] }

    /// Makes room for one more of an account, which must be added or given up.
    ///
    /// - Parameters:
    ///   - account: Whose it is to be.
    ///   - limit: How many an account may have.
    ///   - now: The time.
    ///   - isOver: Whether whom a session stands for is there no more.
    /// - Returns: The keys of those that were forgotten for it; `nil` where it was not yet time to look for any.
    /// - Throws: ``DirectoryError/tooMany(_:)``.
    mutating func reserve(
        for account: Account.ID,
        limit: Int,
        at now: Timestamp,
        isOver: (Session) -> Bool
    ) throws(DirectoryError) -> [String]? {
        let forgotten = now < nextLook ? nil : forget(crowding: limit, at: now, isOver: isOver)
        guard counts[account, default: 0] < limit else {
            throw .tooMany("Cannot exceed quota for SessionsPerAccount: \(limit)")
        }
        counts[account, default: 0] += 1
        return forgotten
    }

    /// Adds the one that there is room for.
    mutating func add(_ session: Session) { sessions[session.accessKey] = session }

    /// Gives up the room for one that did not begin.
    mutating func release(for account: Account.ID) { counts[account, default: 1] -= 1 }

    /// Forgets those that ended long ago, those of nobody, and of an account that has too many all that ended.
    private mutating func forget(
        crowding limit: Int,
        at now: Timestamp,
        isOver: (Session) -> Bool
    ) -> [String] {
        nextLook = now.advanced(bySeconds: Self.pause)
        let crowded = Set(counts.filter { $0.value >= limit }.keys)
        let forgotten = sessions.values.filter { session in
            session.isForgotten(at: now) || isOver(session)
                || (session.expires <= now && crowded.contains(session.account.id))
        }
        for session in forgotten {
            sessions[session.accessKey] = nil
            counts[session.account.id, default: 1] -= 1
        }
        return forgotten.map(\.accessKey)
    }
}

extension Session {
    /// Whether it ended so long ago that nobody needs to be told any more.
    func isForgotten(at now: Timestamp) -> Bool {
        expires.advanced(bySeconds: Self.remembrance) < now
    }
}
