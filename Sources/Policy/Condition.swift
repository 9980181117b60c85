import S3Protocol

/// One line of a statement's `Condition`: an operator, a key, and the values it is compared with.
///
/// [Condition](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html)
public struct Condition: Sendable, Hashable {
    let comparison: ConditionOperator
    /// The key as values are asked for by it.
    let key: String
    let operands: [Operand]

    /// A value of the policy, read once.
    enum Operand: Sendable, Hashable {
        case pattern(Pattern)
        case number(Double)
        case date(Timestamp)
        case boolean(Bool)
        case address(IPAddress)
        /// An ARN's six parts.
        case arn([Pattern])
    }

    /// Whether a request meets the condition.
    func holds(_ values: any ConditionValues) throws -> Bool {
        let found = try values.values(of: key) ?? []
        if comparison.comparison == .null {
            return operands.contains(.boolean(found.isEmpty))
        }
        guard !found.isEmpty else {
            if comparison.ifExists || comparison.quantifier == .all { return true }
            return comparison.isNegated && comparison.quantifier == .none
        }
        switch comparison.quantifier {
        case .none:
            let isMatch = try found.contains { try matches($0, values) }
            return isMatch != comparison.isNegated
        case .all: return try found.allSatisfy { try matches($0, values) != comparison.isNegated }
        case .any: return try found.contains { try matches($0, values) != comparison.isNegated }
        }
    }

    private func matches(_ value: String, _ values: any ConditionValues) throws -> Bool {
        try operands.contains { try matches(value, $0, values) }
    }

    private func matches(
        _ value: String,
        _ operand: Operand,
        _ values: any ConditionValues
    ) throws -> Bool {
        switch (comparison.comparison, operand) {
        case (.string, .pattern(let pattern)), (.binary, .pattern(let pattern)):
            return try pattern.matches(value, values)
        case (.number(let order), .number(let number)):
            return Self.number(value).map { order.holds($0, number) } ?? false
        case (.date(let order), .date(let date)):
            return Self.date(value).map { order.holds($0, date) } ?? false
        case (.boolean, .boolean(let flag)):
            return Self.boolean(value) == flag
        case (.address, .address(let block)):
            return IPAddress(value).map { block.contains($0) } ?? false
        case (.arn, .arn(let parts)):
            guard let own = Self.arnParts(value) else { return false }
            return try zip(parts, own).allSatisfy { try $0.matches($1, values) }
        default: return false
        }
    }
}

extension Condition {
    /// Reads a value of the policy for an operator.
    ///
    /// - Throws: ``PolicyError`` where the operator cannot compare with it.
    static func operand(
        _ text: String,
        for name: ConditionOperator,
        hasVariables: Bool
    ) throws(PolicyError) -> Operand {
        let operand: Operand? =
            switch name.comparison {
            case .string(let ignoringCase, let wildcards):
                .pattern(try pattern(text, ignoringCase, wildcards, hasVariables))
            case .number: number(text).map { .number($0) }
            case .date: date(text).map { .date($0) }
            case .boolean, .null: boolean(text).map { .boolean($0) }
            case .binary: .pattern(Pattern(literal: text))
            case .address: IPAddress(text).map { .address($0) }
            case .arn: try arn(text, hasVariables).map { .arn($0) }
            }
        guard let operand else {
            throw PolicyError("\(name.name) cannot be compared with \"\(text)\".")
        }
        return operand
    }

    private static func pattern(
        _ text: String,
        _ ignoringCase: Bool,
        _ wildcards: Bool,
        _ hasVariables: Bool
    ) throws(PolicyError) -> Pattern {
        if hasVariables {
            return try Pattern(
                withVariables: text,
                hasWildcards: wildcards,
                ignoringCase: ignoringCase
            )
        }
        return wildcards
            ? Pattern(text, ignoringCase: ignoringCase)
            : Pattern(literal: text, ignoringCase: ignoringCase)
    }

    private static func arn(_ text: String, _ hasVariables: Bool) throws(PolicyError) -> [Pattern]?
    {
        if text == "*" { return Array(repeating: Pattern("*"), count: 6) }
        guard let parts = arnParts(text) else { return nil }
        return try parts.map { part throws(PolicyError) in
            try pattern(part, false, true, hasVariables)
        }
    }

    /// The six parts of an ARN; colons inside a variable are the variable's.
    private static func arnParts(_ text: String) -> [String]? {
        var parts = [""]
        var depth = 0
        for character in text {
            if character == "{" { depth += 1 }
            if character == "}" { depth -= 1 }
            if character == ":", depth <= 0, parts.count < 6 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.count == 6 ? parts : nil
    }

    private static func number(_ text: String) -> Double? {
        guard let number = Double(text), number.isFinite else { return nil }
        return number
    }

    /// A day or a moment, or seconds since 1970.
    private static func date(_ text: String) -> Timestamp? {
        if let seconds = Int64(text), text.utf8.count != 8 { return Timestamp(seconds: seconds) }
        return ISO8601.parse(text)
    }

    private static func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true": true
        case "false": false
        default: nil
        }
    }
}
