extension PolicyReader {
    /// The lines of a statement's `Condition`.
    func conditions(
        _ value: JSON?,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> [Condition] {
        guard let value else { return [] }
        guard case .object(let operators) = value else {
            throw error("Invalid policy syntax.", "Condition must be an object")
        }
        var conditions: [Condition] = []
        for member in operators {
            guard let comparison = ConditionOperator(member.name) else {
                throw error(
                    "Invalid Condition type : \(member.name)",
                    "there is no condition operator \"\(member.name)\""
                )
            }
            guard case .object(let keys) = member.value else {
                throw error("Invalid policy syntax.", "\(member.name) must be an object")
            }
            for key in keys {
                conditions.append(try condition(comparison, key, version))
            }
        }
        return conditions
    }

    private func condition(
        _ comparison: ConditionOperator,
        _ member: JSON.Member,
        _ version: PolicyDocument.Version
    ) throws(PolicyError) -> Condition {
        guard ConditionKey.isKnown(member.name, inBucketPolicy: isBucket) else {
            throw error(
                "Policy has an invalid condition key",
                "\"\(member.name)\" is no condition key"
            )
        }
        let operands = try values(member.value, member.name).map { text throws(PolicyError) in
            do throws(PolicyError) {
                return try Condition.operand(
                    text,
                    for: comparison,
                    hasVariables: version == .current
                )
            } catch {
                throw self.error("Invalid policy syntax.", error.description)
            }
        }
        return Condition(
            comparison: comparison,
            key: ConditionKey.normalized(member.name),
            operands: operands
        )
    }

    /// Numbers and booleans may be written without quotes.
    private func values(_ value: JSON, _ name: String) throws(PolicyError) -> [String] {
        let elements = value.array ?? [value]
        guard !elements.isEmpty else {
            throw error("Invalid policy syntax.", "\(name) has no value")
        }
        return try elements.map { element throws(PolicyError) in
            switch element {
            case .string(let text), .number(let text): text
            case .bool(let flag): flag ? "true" : "false"
            case .null, .array, .object:
                throw error("Invalid policy syntax.", "\(name) must be compared with strings")
            }
        }
    }
}
