/// Why policies decided as they did: each statement that was asked, and what kept it from speaking.
///
/// Made only for whoever asks why a request was refused; ``AccessPolicies/decide(_:)`` is what decides.
extension AccessPolicies {
    /// A line for each statement, in the order in which they are asked.
    ///
    /// - Throws: What looking up a condition's value throws.
    public func explanation(of request: AccessRequest) throws -> [String] {
        var lines: [String] = []
        switch identity {
        case .everything: lines.append("the account's own key may do everything")
        case .policies(let set): lines += try set.explanation(.identity, request)
        }
        if let resource {
            lines += try PolicySet([resource]).explanation(.resource, request)
            if reach == .nobody {
                lines.append("the resource-based policy's allows do not count here")
            }
        } else {
            lines.append("the resource has no policy")
        }
        if isListed { lines.append("an access control list allows it to the account") }
        if let session { lines += try session.explanation(.session, request) }
        if needsResource { lines.append("the resource-based policy must allow it in any case") }
        if !isOwn { lines.append("the resource is another account's: both sides must allow it") }
        return lines
    }
}

extension PolicySet {
    fileprivate func explanation(
        _ kind: PolicyKind,
        _ request: AccessRequest
    ) throws -> [String] {
        guard !documents.isEmpty else { return ["there is no \(kind.rawValue) policy"] }
        return try documents.flatMap(\.statements).map { statement in
            let obstacle = try statement.obstacle(to: request)
            return "\(kind.rawValue) \(statement): \(obstacle ?? "speaks of the request")"
        }
    }
}

extension PolicyStatement {
    /// The first thing that keeps the statement from speaking of a request; `nil` where it does.
    func obstacle(to request: AccessRequest) throws -> String? {
        if let principals, principals.match(request.requester) == .none {
            return "does not name the caller"
        }
        guard try actions.matches(request.action, request.values) else {
            return "does not name the action"
        }
        guard try resources.matches(request.resource, request.values) else {
            return "does not name the resource, but \(resources)"
        }
        for condition in conditions where try !condition.holds(request.values) {
            let found = try request.values.values(of: condition.key)
            let told = found.map { $0.map { "\"\($0)\"" }.joined(separator: ", ") } ?? "nothing"
            return "its condition \(condition.name) is not met by \(told)"
        }
        return nil
    }
}

extension PolicyStatement.Selection: CustomStringConvertible {
    /// The first patterns, as they were written.
    public var description: String {
        (isExcluding ? "all but " : "")
            + patterns.prefix(3).map(\.source).joined(separator: ", ")
            + (patterns.count > 3 ? ", ..." : "")
    }
}

extension Condition {
    /// The operator and the key.
    fileprivate var name: String { "\(comparison.name) \(key)" }
}
