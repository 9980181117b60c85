import ObjectStore
import Policy
import S3Protocol
import Synchronization

/// Who access keys stand for, with policies that are read once for each change of the directory.
final class CallerCache: Sendable {
    /// More users and sessions than a machine has at a time; then it starts over.
    private static let capacity = 1024

    private struct Entry {
        let revision: UInt64
        let policies: PolicySet
    }

    private let identities = Mutex<[Int64: Entry]>([:])
    private let sessions = Mutex<[String: PolicySet]>([:])

    /// Who a key stands for; `nil` where it is nobody's any more.
    func caller(
        of accessKey: String,
        in directory: Directory
    ) throws -> (Caller.Identity, Caller.Temporary?)? {
        if let key = directory.credential(accessKey) {
            switch key.holder {
            case .root(let account): return (.root(account), nil)
            case .user(let user):
                return try identity(user.id, session: nil, directory).map { ($0, nil) }
            }
        }
        guard let session = directory.session(accessKey) else { return nil }
        let temporary = Caller.Temporary(
            policies: try narrowing(of: session),
            tags: session.tags,
            began: session.began
        )
        guard let id = session.identity else { return (.root(session.account), temporary) }
        return try identity(id, session: session.name, directory).map { ($0, temporary) }
    }

    private func identity(
        _ id: Int64,
        session: String?,
        _ directory: Directory
    ) throws -> Caller.Identity? {
        // The revision first: what is read after it is of this revision or a later one.
        let revision = directory.revision
        guard let identity = directory.identity(id) else { return nil }
        let policies = try policies(of: identity, revision, directory)
        if let session { return .role(identity, session: session, policies) }
        return .user(identity, policies)
    }

    private func policies(
        of identity: ObjectStore.Identity,
        _ revision: UInt64,
        _ directory: Directory
    ) throws -> PolicySet {
        if let entry = identities.withLock({ $0[identity.id] }), entry.revision == revision {
            return entry.policies
        }
        let documents = try directory.policies(of: identity).map { text in
            switch text {
            case .amazon(let arn): try ManagedPolicy.named(arn)
            case .document(let json): try PolicyDocument(json: json)
            }
        }
        let set = PolicySet(documents)
        identities.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[identity.id] = Entry(revision: revision, policies: set)
        }
        return set
    }

    private func narrowing(of session: Session) throws -> PolicySet? {
        guard !session.policies.isEmpty else { return nil }
        if let set = sessions.withLock({ $0[session.accessKey] }) { return set }
        let set = PolicySet(try session.policies.map { try PolicyDocument(json: $0.value) })
        sessions.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[session.accessKey] = set
        }
        return set
    }
}
