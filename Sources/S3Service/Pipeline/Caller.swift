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
        case user(User, PolicySet)
    }

    let identity: Identity
    /// The key that signed; `nil` for anonymous.
    let accessKey: String?
    /// How it is signed; `nil` for anonymous.
    let proof: Proof?
    /// The host that the signature was made for, where it is an alias of the one that was asked.
    var signedHost: String?

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
        }
    }

    /// The caller as policies name it.
    var requester: Requester {
        switch identity {
        case .anonymous: .anonymous
        case .root(let account): .root(account.name)
        case .user(let user, _): .user(user.account.name, name: user.name)
        }
    }

    /// What the caller's own account allows.
    var rights: AccessPolicies.Identity {
        switch identity {
        case .anonymous, .root: .everything
        case .user(_, let policies): .policies(policies)
        }
    }
}

extension Account {
    /// The account as policies name it.
    fileprivate var name: Requester.AccountName {
        Requester.AccountName(number: number, canonicalID: canonicalID)
    }
}
