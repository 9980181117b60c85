/// One statement of a policy: an effect on some actions on some resources.
///
/// [Statement](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html)
public struct PolicyStatement: Sendable, Hashable, CustomStringConvertible {
    /// What a statement does to the requests it matches.
    public enum Effect: String, Sendable {
        /// Lets them through, unless another statement denies them.
        case allow = "Allow"
        /// Refuses them, whatever else allows them.
        case deny = "Deny"
    }

    /// The statement's own name, if it has one.
    public let sid: String?
    /// What it does.
    public let effect: Effect
    /// The actions it is about, such as `s3:Get*`, in any case.
    public let actions: [Wildcard]
    /// The resources it is about, such as `arn:aws:s3:::photos/*`.
    public let resources: [Wildcard]

    /// The statement in few words, for a log.
    public var description: String {
        let actions = actions.map(\.source).joined(separator: ", ")
        return "\(sid.map { "statement \($0)" } ?? "a statement") (\(effect.rawValue) \(actions))"
    }

    /// Whether the statement is about this action on this resource.
    public func matches(action: String, resource: String) -> Bool {
        actions.contains { $0.matches(action) } && resources.contains { $0.matches(resource) }
    }
}
