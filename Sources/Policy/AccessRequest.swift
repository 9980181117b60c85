/// What somebody wants to do.
public struct AccessRequest {
    /// Who asks.
    public var requester: Requester
    /// The action, such as `s3:GetObject`.
    public var action: String
    /// The resource, such as `arn:aws:s3:::photos/cat.jpg`.
    public var resource: String
    /// What conditions look at.
    public var values: any ConditionValues

    /// Describes a request.
    public init(
        _ requester: Requester,
        _ action: String,
        on resource: String,
        values: any ConditionValues = NoConditionValues()
    ) {
        self.requester = requester
        self.action = action
        self.resource = resource
        self.values = values
    }
}

/// Where a statement that decides stands.
public enum PolicyKind: String, Sendable, Hashable {
    /// A policy of the user.
    case identity = "identity-based"
    /// The bucket's policy, or its access control list.
    case resource = "resource-based"
    /// What a session was narrowed to.
    case session = "session"
}

/// What policies say about a request.
public enum Decision: Sendable, Hashable {
    /// It may be done: by this statement, or, where there is none, by right of the account.
    case allowed(by: PolicyStatement?, in: PolicyKind)
    /// This statement denies it, whatever others allow.
    case denied(by: PolicyStatement, in: PolicyKind)
    /// No statement of this kind allows it, and one would have to.
    case notAllowed(missing: PolicyKind)

    /// Whether it may be done.
    public var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}
