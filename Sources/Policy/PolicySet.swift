/// Policies of one kind that hold together.
public struct PolicySet: Sendable, Hashable {
    /// The policies, in no order that matters.
    public let documents: [PolicyDocument]

    /// Gathers policies; without any, nothing is allowed.
    public init(_ documents: [PolicyDocument]) { self.documents = documents }

    /// What the statements of an effect that speak of a request say, the strongest first found.
    func strongest(
        _ effect: PolicyStatement.Effect,
        _ request: AccessRequest
    ) throws -> (statement: PolicyStatement, match: Principal.Match)? {
        var found: (PolicyStatement, Principal.Match)?
        for document in documents {
            for statement in document.statements where statement.effect == effect {
                let match = try statement.match(request)
                guard match > found?.1 ?? .none else { continue }
                found = (statement, match)
                if match >= request.requester.strongestMatch { return found }
            }
        }
        return found
    }
}
