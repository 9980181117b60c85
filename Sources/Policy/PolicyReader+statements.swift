extension PolicyReader {
    private static let elements: Set = ["Sid", "Effect", "Action", "NotAction", "Condition"]

    /// The elements that a statement about a subject may have beside the others.
    private var ownElements: Set<String> {
        switch subject {
        case .identity: ["Resource", "NotResource"]
        case .bucket: ["Resource", "NotResource", "Principal", "NotPrincipal"]
        case .trust: ["Principal", "NotPrincipal"]
        }
    }

    /// Reads a statement.
    func statement(
        _ value: JSON,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> PolicyStatement {
        let members = try members(of: value, among: Self.elements.union(ownElements))
        let statement = PolicyStatement(
            sid: try members["Sid"].map { value throws(PolicyError) in try sid(value) },
            effect: try effect(members["Effect"]),
            principals: try self.principals(members),
            actions: try selection("Action", members) { text throws(PolicyError) in
                try action(text)
            },
            resources: try resources(members, version),
            conditions: try conditions(members["Condition"], version)
        )
        if isBucket { try checkApplication(of: statement) }
        return statement
    }

    /// What a statement is about; of a role's, always the role.
    private func resources(
        _ members: [String: JSON],
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> PolicyStatement.Selection {
        guard subject != .trust else { return .init([], isExcluding: true) }
        return try selection("Resource", members) { text throws(PolicyError) in
            try resource(text, version)
        }
    }

    private func sid(_ value: JSON) throws(PolicyError) -> String {
        let sid = try text(value, "Sid")
        // S3 lets a bucket's statement have spaces and more; IAM has letters and digits alone.
        guard isBucket || sid.utf8.allSatisfy(isLetterOrDigit) else {
            throw PolicyError("The Sid \"\(sid)\" has characters other than A-Z, a-z and 0-9.")
        }
        return sid
    }

    private func effect(_ value: JSON?) throws(PolicyError) -> PolicyStatement.Effect {
        guard let value else { throw missing("Effect") }
        guard let effect = value.string.flatMap(PolicyStatement.Effect.init(rawValue:)) else {
            throw error(
                "Invalid effect: \(value.string ?? value.text)",
                "Effect must be \"Allow\" or \"Deny\""
            )
        }
        return effect
    }

    /// Reads an element that may be there with `Not` in front, and must be there one way.
    private func selection(
        _ name: String,
        _ members: [String: JSON],
        _ pattern: (String) throws(PolicyError) -> Pattern
    ) throws(PolicyError) -> PolicyStatement.Selection {
        switch (members[name], members["Not\(name)"]) {
        case (nil, nil): throw missing(name)
        case (_?, _?):
            throw error("Invalid policy syntax.", "\(name) and Not\(name) exclude each other")
        case (let value?, nil):
            return .init(try patterns(value, name, pattern))
        case (nil, let value?):
            return .init(try patterns(value, "Not\(name)", pattern), isExcluding: true)
        }
    }

    private func patterns(
        _ value: JSON,
        _ name: String,
        _ pattern: (String) throws(PolicyError) -> Pattern
    ) throws(PolicyError) -> [Pattern] {
        try texts(value, name).map { text throws(PolicyError) in try pattern(text) }
    }

    private func action(_ text: String) throws(PolicyError) -> Pattern {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text == "*" || parts.count == 2 && parts.allSatisfy({ !$0.isEmpty }) else {
            throw error(
                "Policy has invalid action",
                "the Action \"\(text)\" must be * or have a service before a colon"
            )
        }
        let pattern = Pattern(text, ignoringCase: true)
        // A user's policy may name what other services do; a bucket's is about S3.
        guard !isBucket || S3Actions.matches(pattern) else {
            throw PolicyError("Policy has invalid action")
        }
        guard subject != .trust || text.lowercased().hasPrefix("sts:") else {
            throw PolicyError("AssumeRole policy may only specify STS AssumeRole actions.")
        }
        return pattern
    }

    private func resource(
        _ text: String,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> Pattern {
        guard text == "*" || text.hasPrefix("arn:"), isInBucket(text) else {
            throw error(
                "Policy has invalid resource",
                "the Resource \"\(text)\" must be * or an ARN"
            )
        }
        guard version == .current else { return Pattern(text) }
        do throws(PolicyError) { return try Pattern(withVariables: text) } catch {
            throw self.error("Policy has invalid resource", error.description)
        }
    }

    /// Whether an ARN can mean the bucket or what is in it.
    private func isInBucket(_ text: String) -> Bool {
        guard case .bucket(let bucket) = subject, text != "*" else { return true }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[1].hasPrefix("aws"), parts[2] == "s3", parts[3].isEmpty,
            parts[4].isEmpty
        else { return false }
        let name = parts[5].prefix { $0 != "/" }
        return Wildcard(String(name)).matches(bucket)
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    /// Each action of a bucket's statement must be able to happen to one of its resources.
    private func checkApplication(of statement: PolicyStatement) throws(PolicyError) {
        guard !statement.actions.isExcluding, !statement.resources.isExcluding else { return }
        let levels = statement.resources.patterns.map { S3Actions.levels(ofResource: $0.source) }
            .reduce(into: Set()) { $0.formUnion($1) }
        let applies = statement.actions.patterns.allSatisfy {
            !S3Actions.levels(of: $0).isDisjoint(with: levels)
        }
        guard applies else {
            throw PolicyError("Action does not apply to any resource(s) in statement")
        }
    }
}
