/// All the policies that have a say about a request, and how they decide together.
///
/// [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html),
/// [cross-account](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html)
public struct AccessPolicies: Sendable {
    /// What the requester's own account allows.
    public enum Identity: Sendable {
        /// Everything: an account's own key. For anonymous requests there is no account to ask.
        case everything
        /// What a user's policies allow.
        case policies(PolicySet)
    }

    /// What the requester's own account allows.
    public var identity: Identity
    /// The policy of the resource.
    public var resource: PolicyDocument?
    /// Whether the resource's access control list lets the requester's account do it.
    public var isListed = false
    /// What a session was narrowed to; `nil` for no session or a whole one.
    public var session: PolicySet?
    /// Whether the resource belongs to the requester's account.
    public var isOwn: Bool
    /// Whom an allow of the resource's policy reaches; its denies reach everybody.
    public var reach = Reach.all

    /// Whom an allow of a resource's policy reaches.
    public enum Reach: Sendable, Hashable {
        /// Whomever it names.
        case all
        /// Nobody: it is not the policy's to give, or public access is restricted.
        case nobody
    }

    /// Whether the resource's policy must allow it in its own account too, as a role's does.
    public var needsResource = false

    /// Gathers the policies.
    public init(identity: Identity, resource: PolicyDocument? = nil, isOwn: Bool) {
        self.identity = identity
        self.resource = resource
        self.isOwn = isOwn
    }

    /// Decides: a deny anywhere wins; then an allow is needed, of both sides where there are two accounts.
    ///
    /// - Throws: What looking up a condition's value throws; then nothing is decided.
    public func decide(_ request: AccessRequest) throws -> Decision {
        if let denial = try denial(of: request) { return denial }
        let byResource = try allowance(ofResource: request)
        // A session that is named itself is not held to what it was narrowed to.
        if isOwn, let byResource, byResource.match == .session {
            return .allowed(by: byResource.statement, in: .resource)
        }
        if let session, try session.strongest(.allow, request) == nil {
            return .notAllowed(missing: .session)
        }
        if request.requester == .anonymous {
            guard let byResource, byResource.match == .caller else {
                return .notAllowed(missing: .resource)
            }
            return .allowed(by: byResource.statement, in: .resource)
        }
        if isOwn, let byResource, byResource.match == .caller {
            return .allowed(by: byResource.statement, in: .resource)
        }
        let byIdentity = try allowance(ofIdentity: request)
        guard byIdentity.isAllowed else { return byIdentity }
        guard isOwn && !needsResource || byResource != nil else {
            return .notAllowed(missing: .resource)
        }
        return byIdentity
    }

    private func denial(of request: AccessRequest) throws -> Decision? {
        if case .policies(let policies) = identity,
            let found = try policies.strongest(.deny, request)
        {
            return .denied(by: found.statement, in: .identity)
        }
        if let resource, let found = try PolicySet([resource]).strongest(.deny, request) {
            return .denied(by: found.statement, in: .resource)
        }
        if let session, let found = try session.strongest(.deny, request) {
            return .denied(by: found.statement, in: .session)
        }
        return nil
    }

    private func allowance(ofIdentity request: AccessRequest) throws -> Decision {
        switch identity {
        case .everything: return .allowed(by: nil, in: .identity)
        case .policies(let policies):
            guard let found = try policies.strongest(.allow, request) else {
                return .notAllowed(missing: .identity)
            }
            return .allowed(by: found.statement, in: .identity)
        }
    }

    private func allowance(
        ofResource request: AccessRequest
    ) throws -> (statement: PolicyStatement?, match: Principal.Match)? {
        if reach == .all, let resource,
            let found = try PolicySet([resource]).strongest(.allow, request)
        {
            return (found.statement, found.match)
        }
        // A list names accounts and groups, never a user of one: in an account its policies decide.
        guard isListed else { return nil }
        return (nil, request.requester == .anonymous ? .caller : .account)
    }
}
