import ObjectStore
import Policy
import S3Protocol

/// A policy that is kept once: one of AWS's own, or an account's.
enum AnyPolicy: Sendable {
    case amazon(ManagedPolicy)
    case customer(CustomerPolicy)

    var name: String {
        switch self {
        case .amazon(let policy): policy.name
        case .customer(let policy): policy.name
        }
    }

    var id: String {
        switch self {
        case .amazon(let policy): policy.id
        case .customer(let policy): policy.uniqueID
        }
    }

    var arn: String {
        switch self {
        case .amazon(let policy): policy.arn
        case .customer(let policy): policy.arn
        }
    }

    var path: String {
        switch self {
        case .amazon: "/"
        case .customer(let policy): policy.path
        }
    }

    var description: String? {
        switch self {
        case .amazon(let policy): policy.description
        case .customer(let policy): policy.description
        }
    }

    var inForce: Int64 {
        switch self {
        case .amazon(let policy): policy.version
        case .customer(let policy): policy.inForce
        }
    }

    var created: Timestamp {
        switch self {
        case .amazon(let policy): Timestamp(seconds: policy.created)
        case .customer(let policy): policy.created
        }
    }

    var updated: Timestamp {
        switch self {
        case .amazon: created
        case .customer(let policy): policy.updated
        }
    }

    var tags: [Field] {
        switch self {
        case .amazon: []
        case .customer(let policy): policy.tags
        }
    }

    /// The versions, the newest first; of AWS's own, the one in force.
    var versions: [CustomerPolicy.Version] {
        switch self {
        case .amazon(let policy):
            [.init(number: policy.version, document: policy.json, created: created)]
        case .customer(let policy): policy.versions.reversed()
        }
    }
}

extension QueryCall {
    /// The policy of an ARN that the caller's account can use: one of AWS's, or its own.
    func policy(arn: String) -> AnyPolicy? {
        if let managed = ManagedPolicy.all.first(where: { $0.arn == arn }) {
            return .amazon(managed)
        }
        guard let policy = directory.policy(arn), policy.account.id == account.id else {
            return nil
        }
        return .customer(policy)
    }

    /// The policy that the form names.
    ///
    /// - Throws: ``QueryError`` with `NoSuchEntity`, or `ValidationError` for what is no ARN.
    func policy() throws(QueryError) -> AnyPolicy {
        let arn = try form.required("PolicyArn")
        guard arn.hasPrefix("arn:"), arn.utf8.count >= 20 else {
            throw QueryError(.validation, "ARN \(arn) is not valid.")
        }
        guard let policy = policy(arn: arn) else { throw .missing(.policy, arn) }
        return policy
    }

    /// The policy that the form names, which must be the account's own.
    ///
    /// - Throws: ``QueryError`` as ``policy()``, and `AccessDenied` for one of AWS's.
    func ownPolicy() throws(QueryError) -> CustomerPolicy {
        guard case .customer(let policy) = try policy() else {
            throw QueryError(.accessDenied, "Cannot modify a policy that AWS manages.")
        }
        return policy
    }

    /// How many identities of the account a policy is attached to.
    func uses(of policy: AnyPolicy) -> Int {
        directory.holders(of: policy.arn, in: account.id).count
    }
}
