import ObjectStore
import Policy
import S3Protocol

/// Who makes a request: only ever the result of a verified signature, or of there being none.
struct Caller: Sendable {
    /// Who it is.
    enum Identity: Sendable {
        /// Nobody that is known: the request is not signed.
        case anonymous
        /// An account's own key: everything in the account.
        case root(Account)
        /// A user, and what the user's policies allow.
        case user(ObjectStore.Identity, PolicySet)
        /// A session of a role, by its name, and what the role's policies allow.
        case role(ObjectStore.Identity, session: String, PolicySet)
    }

    let identity: Identity
    /// The key that signed; `nil` for anonymous.
    let accessKey: String?
    /// How it is signed; `nil` for anonymous.
    let proof: Proof?
    /// What a temporary key narrows and adds; `nil` for a key that lasts.
    var temporary: Temporary?
    /// The host that the signature was made for, where it is an alias of the one that was asked.
    var signedHost: String?

    /// What a temporary key narrows and adds.
    struct Temporary: Sendable {
        /// What the session was narrowed to; `nil` where it was not.
        let policies: PolicySet?
        /// The tags that the session was given.
        let tags: [Field]
        /// When the session began.
        let began: Timestamp
    }

    /// How a request is signed, as conditions tell ways of signing apart.
    struct Proof: Sendable {
        /// `REST-HEADER`, `REST-QUERY-STRING` or `POST`.
        let type: String
        let isV4: Bool

        /// `AWS4-HMAC-SHA256` or `AWS`.
        var version: String { isV4 ? "AWS4-HMAC-SHA256" : "AWS" }
    }

    /// Nobody that is known.
    static let anonymous = Caller(identity: .anonymous, accessKey: nil, proof: nil)

    var isAnonymous: Bool {
        if case .anonymous = identity { true } else { false }
    }

    /// The account that the caller belongs to.
    ///
    /// Its buckets are the caller's, and so is what it writes. Of anonymous callers it is the one that S3 has
    /// for them, which owns no bucket.
    var account: Account {
        switch identity {
        case .anonymous: .anonymous
        case .root(let account): account
        case .user(let user, _): user.account
        case .role(let role, _, _): role.account
        }
    }

    /// The caller as policies name it.
    var requester: Requester {
        switch identity {
        case .anonymous: .anonymous
        case .root(let account): .root(account.name)
        case .user(let user, _): .user(user.account.name, path: user.path, name: user.name)
        case .role(let role, let session, _):
            .session(role.account.name, path: role.path, role: role.name, name: session)
        }
    }

    /// What the caller's own account allows.
    var rights: AccessPolicies.Identity {
        switch identity {
        case .anonymous, .root: .everything
        case .user(_, let policies), .role(_, _, let policies): .policies(policies)
        }
    }

    /// The identifier that `aws:userid` tells.
    var userID: String {
        switch identity {
        case .anonymous: "anonymous"
        case .root(let account): account.number
        case .user(let user, _): user.uniqueID
        case .role(let role, let session, _): "\(role.uniqueID):\(session)"
        }
    }

    /// A tag of the caller: of the session, else of the user or role.
    func tag(_ name: String) -> String? {
        let own: [Field] =
            switch identity {
            case .anonymous, .root: []
            case .user(let identity, _), .role(let identity, _, _): identity.tags
            }
        return ((temporary?.tags ?? []) + own).first { $0.name == name }?.value
    }
}

extension Account {
    /// The account as policies name it.
    fileprivate var name: Requester.AccountName {
        Requester.AccountName(number: number, canonicalID: canonicalID)
    }
}
