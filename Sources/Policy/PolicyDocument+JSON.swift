extension PolicyDocument {
    /// Reads a document from JSON.
    ///
    /// - Throws: ``PolicyError`` where it is not JSON, too long, or says anything that is not
    ///   understood here.
    public init(json: String) throws(PolicyError) {
        let root: JSON
        do { root = try JSON(parsing: json, limit: Self.maximumSize) } catch {
            throw PolicyError("The policy is not valid JSON: \(error).")
        }
        let members = try root.members(
            of: "The policy",
            among: ["Version", "Id", "Statement"]
        )
        let version = try Self.version(members["Version"])
        self.init(
            version: version,
            id: try members["Id"].map { value throws(PolicyError) in try value.text("Id") },
            statements: try Self.statements(members["Statement"], version)
        )
    }

    private static func version(_ value: JSON?) throws(PolicyError) -> Version {
        guard let value else { return .original }
        guard let version = Version(rawValue: try value.text("Version")) else {
            throw PolicyError("Version must be \"2012-10-17\" or \"2008-10-17\".")
        }
        return version
    }

    private static func statements(
        _ value: JSON?,
        _ version: Version
    ) throws(PolicyError) -> [PolicyStatement] {
        guard let value else { throw PolicyError("The policy has no Statement.") }
        var statements: [PolicyStatement] = []
        var names: Set<String> = []
        for (index, element) in (value.array ?? [value]).enumerated() {
            let statement = try PolicyStatement(element, named: "Statement \(index + 1)", version)
            if let sid = statement.sid, !sid.isEmpty, !names.insert(sid).inserted {
                throw PolicyError("Two statements have the Sid \"\(sid)\".")
            }
            statements.append(statement)
        }
        guard !statements.isEmpty else { throw PolicyError("The policy has no Statement.") }
        return statements
    }
}

extension PolicyStatement {
    fileprivate init(
        _ value: JSON,
        named name: String,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) {
        let members = try value.members(of: name, among: ["Sid", "Effect", "Action", "Resource"])
        sid = try members["Sid"].map { value throws(PolicyError) in try Self.sid(value) }
        guard let effect = members["Effect"]?.string.flatMap(Effect.init(rawValue:)) else {
            throw PolicyError("\(name): Effect must be \"Allow\" or \"Deny\".")
        }
        self.effect = effect
        actions = try Self.patterns(members["Action"], "\(name): Action", Self.action)
        resources = try Self.patterns(members["Resource"], "\(name): Resource") {
            text throws(PolicyError) in try Self.resource(text, version)
        }
    }

    private static func sid(_ value: JSON) throws(PolicyError) -> String {
        let sid = try value.text("Sid")
        guard sid.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isASCIIAlphanumeric }) else {
            throw PolicyError("The Sid \"\(sid)\" has characters other than A-Z, a-z and 0-9.")
        }
        return sid
    }

    private static func patterns(
        _ value: JSON?,
        _ name: String,
        _ pattern: (String) throws(PolicyError) -> Wildcard
    ) throws(PolicyError) -> [Wildcard] {
        guard let value else { throw PolicyError("\(name) is missing.") }
        let elements = value.array ?? [value]
        guard !elements.isEmpty else { throw PolicyError("\(name) is empty.") }
        return try elements.map { element throws(PolicyError) in
            try pattern(try element.text(name))
        }
    }

    private static func action(_ text: String) throws(PolicyError) -> Wildcard {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text == "*" || parts.count == 2 && parts.allSatisfy({ !$0.isEmpty }) else {
            throw PolicyError("The Action \"\(text)\" must be * or have a service before a colon.")
        }
        return Wildcard(text, ignoringCase: true)
    }

    private static func resource(
        _ text: String,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> Wildcard {
        guard text == "*" || text.hasPrefix("arn:") else {
            throw PolicyError("The Resource \"\(text)\" must be * or an ARN.")
        }
        guard version == .current else { return Wildcard(text) }
        guard let pattern = Wildcard(withVariables: text) else {
            throw PolicyError("The Resource \"\(text)\" has a variable; Pail knows none yet.")
        }
        return pattern
    }
}

extension JSON {
    /// The members of an object that may have these and no others.
    fileprivate func members(
        of owner: String,
        among known: Set<String>
    ) throws(PolicyError) -> [String: JSON] {
        guard case .object(let members) = self else {
            throw PolicyError("\(owner) is not a JSON object.")
        }
        for member in members where !known.contains(member.name) {
            throw PolicyError(
                "\(owner) has \"\(member.name)\", which Pail does not apply yet: the whole policy is refused."
            )
        }
        return Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    fileprivate func text(_ name: String) throws(PolicyError) -> String {
        guard let string else { throw PolicyError("\(name) must be a string.") }
        return string
    }
}

extension Character {
    fileprivate var isASCIIAlphanumeric: Bool { isASCII && (isLetter || isNumber) }
}
