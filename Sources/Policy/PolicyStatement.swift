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

    /// What a statement names, or names as exceptions.
    public struct Selection: Sendable, Hashable {
        /// The patterns.
        public let patterns: [Pattern]
        /// Whether all but these are meant: `NotAction`, `NotResource`.
        public let isExcluding: Bool

        init(_ patterns: [Pattern], isExcluding: Bool = false) {
            self.patterns = patterns
            self.isExcluding = isExcluding
        }

        func matches(_ text: String, _ values: any ConditionValues) throws -> Bool {
            try patterns.contains { try $0.matches(text, values) } != isExcluding
        }
    }

    /// The statement's own name, if it has one.
    public let sid: String?
    /// What it does.
    public let effect: Effect
    /// Whom it is about; `nil` in a user's policy, which is about that user.
    public let principals: Principals?
    /// The actions it is about, such as `s3:Get*`, in any case.
    public let actions: Selection
    /// The resources it is about, such as `arn:aws:s3:::photos/*`.
    public let resources: Selection
    /// What a request must meet, all of it.
    public let conditions: [Condition]

    /// The statement in few words, for a log.
    public var description: String {
        let not = actions.isExcluding ? "Not " : ""
        let actions = actions.patterns.prefix(3).map(\.source).joined(separator: ", ")
        return
            "\(sid.map { "statement \($0)" } ?? "a statement") (\(effect.rawValue) \(not)\(actions))"
    }

    /// How far the statement speaks of a request.
    func match(_ request: AccessRequest) throws -> Principal.Match {
        let match = principals?.match(request.requester) ?? .caller
        guard match != .none, try actions.matches(request.action, request.values),
            try resources.matches(request.resource, request.values),
            try conditions.allSatisfy({ try $0.holds(request.values) })
        else { return .none }
        return match
    }
}
