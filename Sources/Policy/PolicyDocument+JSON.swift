extension PolicyDocument {
    /// Reads a user's policy.
    ///
    /// - Throws: ``PolicyError`` where it is not JSON, too long, or says anything that is not
    ///   understood here.
    public init(json: String) throws(PolicyError) {
        try self.init(json, PolicyReader(subject: .identity))
    }

    /// Reads a bucket's policy, with the messages that S3 has for one that it refuses.
    ///
    /// - Parameters:
    ///   - json: The document.
    ///   - bucket: The bucket's name: all resources must be in it.
    ///   - knows: Whether there is such a principal.
    /// - Throws: ``PolicyError``.
    public init(
        json: String,
        ofBucket bucket: String,
        knows: (Principal) -> Bool = { _ in true }
    ) throws(PolicyError) {
        guard json.utf8.first == UInt8(ascii: "{") else {
            throw PolicyError("Policies must be valid JSON and the first byte must be '{'")
        }
        try self.init(json, PolicyReader(subject: .bucket(bucket)))
        let principals = statements.lazy.compactMap(\.principals).flatMap(\.list)
        guard principals.allSatisfy(knows) else { throw PolicyError("Invalid principal in policy") }
    }

    /// Reads the policy of a role that says who may become it.
    ///
    /// - Parameters:
    ///   - json: The document.
    ///   - knows: Whether there is such a principal.
    /// - Throws: ``PolicyError``.
    public init(
        trust json: String,
        knows: (Principal) -> Bool = { _ in true }
    ) throws(PolicyError) {
        try self.init(json, PolicyReader(subject: .trust))
        let principals = statements.lazy.compactMap(\.principals).flatMap(\.list)
        guard principals.allSatisfy(knows) else { throw PolicyError("Invalid principal in policy") }
    }

    private init(_ text: String, _ reader: PolicyReader) throws(PolicyError) {
        guard text.utf8.count <= Self.maximumSize else {
            throw reader.error(
                "The policy is too large. The maximum size is \(Self.maximumSize) bytes.",
                "it is longer than \(Self.maximumSize) bytes"
            )
        }
        let root: JSON
        do { root = try JSON(parsing: text, limit: Self.maximumSize) } catch {
            throw reader.error(
                "This policy contains invalid Json",
                "it is not valid JSON: \(error)"
            )
        }
        let members = try reader.members(of: root, among: ["Version", "Id", "Statement"])
        let version = try reader.version(members["Version"])
        self.init(
            version: version,
            id: try members["Id"].map { value throws(PolicyError) in
                try reader.text(value, "Id")
            },
            statements: try reader.statements(members["Statement"], version)
        )
    }
}

/// Reads the parts of a policy of one kind.
struct PolicyReader {
    /// Whose policy it is.
    enum Subject: Equatable {
        case identity
        case bucket(String)
        case trust
    }

    let subject: Subject

    var isBucket: Bool { if case .bucket = subject { true } else { false } }

    /// The error for a document: in S3's words for a bucket's, in plainer ones for another.
    func error(_ amazon: String, _ plain: String) -> PolicyError {
        PolicyError(isBucket ? amazon : "The policy is refused: \(plain).")
    }

    func version(_ value: JSON?) throws(PolicyError) -> PolicyDocument.Version {
        guard let value else { return .original }
        guard let version = value.string.flatMap(PolicyDocument.Version.init(rawValue:)) else {
            throw error(
                "The policy must contain a valid version string",
                "Version must be \"2012-10-17\" or \"2008-10-17\""
            )
        }
        return version
    }

    func statements(
        _ value: JSON?,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> [PolicyStatement] {
        guard let value else { throw missing("Statement") }
        var statements: [PolicyStatement] = []
        var names: Set<String> = []
        for element in value.array ?? [value] {
            let statement = try statement(element, version)
            if let sid = statement.sid, !sid.isEmpty, !names.insert(sid).inserted {
                throw error(
                    "Statement IDs (SID) in a single policy must be unique.",
                    "two statements have the Sid \"\(sid)\""
                )
            }
            statements.append(statement)
        }
        guard !statements.isEmpty else { throw missing("Statement") }
        return statements
    }

    func missing(_ name: String) -> PolicyError {
        error("Missing required field \(name)", "\(name) is missing")
    }

    /// The members of an object that may have these and no others.
    func members(of value: JSON, among known: Set<String>) throws(PolicyError) -> [String: JSON] {
        guard case .object(let members) = value else {
            throw error("Invalid policy syntax.", "a policy and a statement are JSON objects")
        }
        if let member = members.first(where: { !known.contains($0.name) }) {
            throw error(
                "Unknown field \(member.name)",
                "\"\(member.name)\" is no element that it may have"
            )
        }
        return Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
    }

    func text(_ value: JSON, _ name: String) throws(PolicyError) -> String {
        guard let string = value.string else {
            throw error("Invalid policy syntax.", "\(name) must be a string")
        }
        return string
    }

    /// The texts of a string or an array of strings, at least one.
    func texts(_ value: JSON, _ name: String) throws(PolicyError) -> [String] {
        let elements = value.array ?? [value]
        guard !elements.isEmpty else {
            throw error("Invalid policy syntax.", "\(name) is empty")
        }
        return try elements.map { element throws(PolicyError) in try text(element, name) }
    }
}
