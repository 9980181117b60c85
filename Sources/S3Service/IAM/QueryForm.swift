import HTTPMessage
import NIOCore
import ObjectStore
import S3Protocol

/// The parameters of a call, and what all of them must be like.
struct QueryForm: Sendable {
    private let parameters: [String: String]

    /// Reads a body.
    ///
    /// - Throws: ``QueryError`` where it is no form.
    init(_ body: ByteBuffer) throws(QueryError) {
        let text = String(buffer: body)
        var parameters: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentCoding.decode(parts[0], plusIsSpace: true),
                let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw QueryError(.invalidInput, "The body is not a form.") }
            guard parameters.updateValue(value, forKey: name) == nil else {
                throw QueryError(.invalidInput, "The parameter \(name) is given twice.")
            }
        }
        self.parameters = parameters
    }

    /// The most that is read of a body that nobody signed, in bytes.
    private static let unsignedLimit = 64 << 10

    /// Reads a body that nobody signed.
    init(unsigned body: HTTPBody) async throws {
        var bytes = ByteBuffer()
        while let piece = try await body.next() {
            bytes.writeImmutableBuffer(piece)
            guard bytes.readableBytes <= Self.unsignedLimit else {
                throw QueryError(.missingAuthenticationToken)
            }
        }
        try self.init(bytes)
    }

    /// The name of the action that is asked for.
    var action: String { parameters["Action"] ?? "" }

    /// A parameter; one that is empty counts as absent.
    subscript(_ name: String) -> String? {
        parameters[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A parameter, empty or not.
    func text(_ name: String) -> String? { parameters[name] }

    /// A parameter that must be there.
    ///
    /// - Throws: ``QueryError`` with `ValidationError`.
    func required(_ name: String) throws(QueryError) -> String {
        guard let value = self[name] else { throw Self.invalid(name, "null", "must not be null") }
        return value
    }

    /// A number in a range; `nil` where it is absent.
    ///
    /// - Throws: ``QueryError`` with `ValidationError`.
    func number(_ name: String, in range: ClosedRange<Int64>) throws(QueryError) -> Int64? {
        guard let text = self[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Self.invalid(
                name,
                "'\(text)'",
                "must be between \(range.lowerBound) and \(range.upperBound)"
            )
        }
        return number
    }

    /// `true` or `false`; absent is `false`.
    func flag(_ name: String) throws(QueryError) -> Bool {
        switch self[name]?.lowercased() {
        case nil, "false": false
        case "true": true
        default: throw Self.invalid(name, "'\(self[name] ?? "")'", "must be true or false")
        }
    }

    /// A name of letters, digits and `+=,.@_-`.
    ///
    /// - Throws: ``QueryError`` with `ValidationError`.
    func name(_ name: String, longest: Int = 128, shortest: Int = 1) throws(QueryError) -> String {
        let value = try required(name)
        try Self.checkLength(value, name, shortest...longest)
        guard value.utf8.allSatisfy(Self.isNameCharacter) else {
            throw QueryError(
                .validation,
                "The specified value for \(Self.camel(name)) is invalid. It must contain only alphanumeric "
                    + "characters and/or the following: +=,.@_-"
            )
        }
        return value
    }

    /// A path, `/` where none is given.
    ///
    /// - Throws: ``QueryError`` with `ValidationError`.
    func path(_ name: String = "Path") throws(QueryError) -> String {
        let path = self[name] ?? "/"
        try Self.checkLength(path, name, 1...512)
        guard path.hasPrefix("/"), path.hasSuffix("/"),
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "*") })
        else {
            throw QueryError(
                .validation,
                "The specified value for \(Self.camel(name)) is invalid. It must begin and end with / and "
                    + "contain only alphanumeric characters and/or / characters."
            )
        }
        return path
    }

    /// The members of a list, such as those of `TagKeys`.
    func list(_ name: String, field: String? = nil) -> [String] {
        let suffix = field.map { ".\($0)" } ?? ""
        var values: [String] = []
        while let value = parameters["\(name).member.\(values.count + 1)\(suffix)"] {
            values.append(value)
        }
        return values
    }

    /// How many parameters belong to a list, also those that are none of its members.
    func count(of list: String) -> Int {
        parameters.keys.count { $0.hasPrefix("\(list).") }
    }

    /// The tags that are given: fifty at most.
    ///
    /// - Throws: ``QueryError`` with `InvalidInput` or `LimitExceeded`.
    func tags() throws(QueryError) -> [Field] {
        let names = list("Tags", field: "Key")
        guard names.count <= 50 else {
            throw QueryError(.limitExceeded, "Cannot exceed quota for TagsPerEntity: 50")
        }
        var tags: [Field] = []
        for (index, name) in names.enumerated() {
            let value = text("Tags.member.\(index + 1).Value") ?? ""
            try Self.checkLength(name, "tagKey", 1...128)
            try Self.checkLength(value, "tagValue", 0...256)
            guard !tags.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
                throw QueryError(
                    .invalidInput,
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive."
                )
            }
            tags.append(Field(name, value))
        }
        return tags
    }

    static func checkLength(
        _ value: String,
        _ name: String,
        _ range: ClosedRange<Int>
    ) throws(QueryError) {
        let count = value.unicodeScalars.count
        guard !range.contains(count) else { return }
        let bound =
            count > range.upperBound
            ? "less than or equal to \(range.upperBound)"
            : "greater than or equal to \(range.lowerBound)"
        throw invalid(name, "'\(value)'", "must have length \(bound)")
    }

    /// Fails in the words of AWS's own checks.
    static func invalid(_ name: String, _ value: String, _ rule: String) -> QueryError {
        QueryError(
            .validation,
            "1 validation error detected: Value \(value) at '\(camel(name))' failed to satisfy constraint: "
                + "Member \(rule)"
        )
    }

    private static func camel(_ name: String) -> String {
        name.prefix(1).lowercased() + name.dropFirst()
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "+=,.@_-".utf8.contains(byte)
        }
    }
}
