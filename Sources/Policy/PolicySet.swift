/// What policies say about a request.
public enum Decision: Sendable, Hashable {
    /// A statement allows it and none denies it.
    case allowed
    /// This statement denies it, whatever others allow.
    case denied(by: PolicyStatement)
    /// No statement speaks of it, which is a refusal too.
    case notAllowed
}

/// All the policies that hold for one user.
///
/// [Policy evaluation logic](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html)
public struct PolicySet: Sendable, Hashable {
    /// The policies, in no order that matters.
    public let documents: [PolicyDocument]

    /// Gathers policies; without any, nothing is allowed.
    public init(_ documents: [PolicyDocument]) { self.documents = documents }

    /// Decides about an action, such as `s3:GetObject`, on a resource, such as `arn:aws:s3:::b/k`.
    public func evaluate(action: String, resource: String) -> Decision {
        var decision = Decision.notAllowed
        for statement in documents.lazy.flatMap(\.statements)
        where statement.matches(action: action, resource: resource) {
            switch statement.effect {
            case .deny: return .denied(by: statement)
            case .allow: decision = .allowed
            }
        }
        return decision
    }
}
