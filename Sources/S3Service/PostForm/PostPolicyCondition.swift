import Policy
import S3Protocol

/// One condition of a form's policy.
///
/// Field names count in any case, and so do the operators; values count as they are.
///
/// [Condition matching](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html#sigv4-ConditionMatching)
enum PostPolicyCondition: Sendable, Hashable {
    /// What a field, named in lower case, must be.
    case field(String, Match)
    /// How many bytes the file must have, both bounds included.
    case contentLength(Int64, Int64)
    /// A condition that S3 reads and no form can meet.
    case impossible(String)

    /// How a field's value is compared.
    struct Match: Sendable, Hashable {
        enum Operator: String, Sendable { case equals = "eq", startsWith = "starts-with" }

        let comparison: Operator
        let value: String
        /// The condition as errors show it: an array, whatever it was in the document.
        let text: String

        /// Whether a field's value meets the condition; one that did not come meets none, not even an
        /// empty beginning.
        func holds(for given: String?, of field: String) -> Bool {
            guard let given else { return false }
            switch comparison {
            case .equals: return given.utf8.elementsEqual(value.utf8)
            case .startsWith:
                guard field == "content-type" else { return given.utf8.starts(with: value.utf8) }
                // AWS reads commas in a content type as a list, of which each must begin so.
                return given.split(separator: ",", omittingEmptySubsequences: false)
                    .allSatisfy { $0.trimmingSpaces.utf8.starts(with: value.utf8) }
            }
        }
    }

    /// Reads a condition.
    ///
    /// - Throws: ``S3Error`` with `InvalidPolicyDocument`.
    init(_ json: JSON) throws(S3Error) {
        switch json {
        case .object(let members): self = try Self.simple(members)
        case .array(let elements): self = try Self.listed(elements)
        default: throw .invalidPolicy("Invalid Condition: must be a List or Object.")
        }
    }

    /// Reads `{"acl": "public-read"}`.
    private static func simple(_ members: [JSON.Member]) throws(S3Error) -> PostPolicyCondition {
        guard members.count == 1, let member = members.first else {
            throw .invalidPolicy(
                "Invalid Simple-Condition: Simple-Conditions must have exactly one property "
                    + "specified."
            )
        }
        guard let value = member.value.string else {
            throw .invalidPolicy("Invalid Simple-Condition: value must be a string.")
        }
        let text = shown([.string("eq"), .string("$" + member.name), .string(value)])
        return .field(
            member.name.lowercased(),
            Match(comparison: .equals, value: value, text: text)
        )
    }

    /// Reads `["starts-with", "$key", "user/eric/"]`.
    private static func listed(_ elements: [JSON]) throws(S3Error) -> PostPolicyCondition {
        guard let name = elements.first?.string else {
            throw .invalidPolicy("Invalid Condition: missing operation identifier.")
        }
        let isRange = name.lowercased() == "content-length-range"
        let comparison = Match.Operator(rawValue: name.lowercased())
        guard isRange || comparison != nil else {
            throw .invalidPolicy("Invalid Condition: unknown operation '\(name)'.")
        }
        guard elements.count == 3 else {
            throw .invalidPolicy("Invalid \(name): wrong number of arguments.")
        }
        guard let comparison else { return try range(elements) }
        guard let field = elements[1].string, let value = elements[2].string else {
            throw .invalidPolicy("Invalid \(name): arguments must be strings.")
        }
        let text = shown(elements)
        guard field.hasPrefix("$") else { return .impossible(text) }
        return .field(
            field.dropFirst().lowercased(),
            Match(comparison: comparison, value: value, text: text)
        )
    }

    /// Reads `["content-length-range", 1048576, 10485760]`, of numbers or of strings that hold numbers.
    private static func range(_ elements: [JSON]) throws(S3Error) -> PostPolicyCondition {
        let bounds = try elements.dropFirst().map { json throws(S3Error) -> Int64? in
            switch json {
            case .string(let text): return Int64(text)
            case .number(let digits):
                guard let bound = Int64(digits) else { throw .invalidPolicy("Invalid JSON.") }
                return bound
            default: throw .invalidPolicy("Invalid JSON.")
            }
        }
        guard bounds.count == 2, let minimum = bounds[0], let maximum = bounds[1] else {
            return .impossible(shown(elements))
        }
        guard minimum >= 0, maximum >= 0 else {
            throw .invalidPolicy("Invalid content-length-range: sizes must not be negative.")
        }
        return .contentLength(minimum, maximum)
    }

    private static func shown(_ elements: [JSON]) -> String {
        "[\(elements.map(\.text).joined(separator: ", "))]"
    }
}

/// How many bytes the content of an upload may have.
struct ContentLengthRange: Sendable {
    private(set) var minimum: Int64 = 0
    private(set) var maximum = Limits.singleUploadBytes

    /// Takes in another demand; all of them must be met.
    mutating func narrow(_ minimum: Int64, _ maximum: Int64) {
        self.minimum = max(self.minimum, minimum)
        self.maximum = min(self.maximum, maximum)
    }

    /// - Throws: ``S3Error`` with `EntityTooLarge` as soon as a count is beyond the range.
    func checkProgress(_ count: Int64) throws(S3Error) {
        guard count > maximum else { return }
        throw S3Error(
            .entityTooLarge,
            "Your proposed upload exceeds the maximum allowed size",
            details: [
                .init("ProposedSize", String(count)), .init("MaxSizeAllowed", String(maximum)),
            ]
        )
    }

    /// - Throws: ``S3Error`` with `EntityTooSmall` where a whole content is below the range.
    func checkWhole(_ count: Int64) throws(S3Error) {
        guard count < minimum else { return }
        throw S3Error(
            .entityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size",
            details: [
                .init("ProposedSize", String(count)), .init("MinSizeAllowed", String(minimum)),
            ]
        )
    }
}
