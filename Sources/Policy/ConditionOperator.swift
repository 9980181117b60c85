/// How a condition compares.
///
/// [Condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html)
struct ConditionOperator: Sendable, Hashable {
    /// What is compared with what.
    enum Comparison: Sendable, Hashable {
        case string(ignoringCase: Bool, wildcards: Bool)
        case number(Order)
        case date(Order)
        case boolean
        case binary
        case address
        case arn
        case null
    }

    /// What holds of the request's value, seen from the policy's.
    enum Order: String, Sendable, Hashable, CaseIterable {
        case equals = "Equals"
        case less = "LessThan"
        case lessOrEqual = "LessThanEquals"
        case greater = "GreaterThan"
        case greaterOrEqual = "GreaterThanEquals"
    }

    /// How keys with many values are looked at.
    enum Quantifier: Sendable, Hashable {
        case none
        /// `ForAllValues:`, which holds where there is no value too.
        case all
        /// `ForAnyValue:`, which does not hold where there is no value.
        case any
    }

    let name: String
    let quantifier: Quantifier
    let comparison: Comparison
    let isNegated: Bool
    let ifExists: Bool

    /// Reads a name such as `ForAllValues:StringNotLikeIfExists`; `nil` where there is none such.
    init?(_ name: String) {
        self.name = name
        var rest = Substring(name)
        if rest.hasPrefix("ForAllValues:") {
            (quantifier, rest) = (.all, rest.dropFirst(13))
        } else if rest.hasPrefix("ForAnyValue:") {
            (quantifier, rest) = (.any, rest.dropFirst(12))
        } else {
            quantifier = .none
        }
        ifExists = rest.hasSuffix("IfExists")
        if ifExists { rest = rest.dropLast(8) }
        guard let (comparison, isNegated) = Self.comparisons[String(rest)] else { return nil }
        guard comparison != .null || (!ifExists && quantifier == .none) else { return nil }
        (self.comparison, self.isNegated) = (comparison, isNegated)
    }

    private static let comparisons: [String: (Comparison, isNegated: Bool)] = {
        let exact = Comparison.string(ignoringCase: false, wildcards: false)
        let caseless = Comparison.string(ignoringCase: true, wildcards: false)
        let like = Comparison.string(ignoringCase: false, wildcards: true)
        var all: [String: (Comparison, isNegated: Bool)] = [
            "StringEquals": (exact, false), "StringNotEquals": (exact, true),
            "StringEqualsIgnoreCase": (caseless, false),
            "StringNotEqualsIgnoreCase": (caseless, true),
            "StringLike": (like, false), "StringNotLike": (like, true),
            "NumericNotEquals": (.number(.equals), true), "DateNotEquals": (.date(.equals), true),
            "Bool": (.boolean, false), "BinaryEquals": (.binary, false),
            "IpAddress": (.address, false), "NotIpAddress": (.address, true),
            "ArnEquals": (.arn, false), "ArnLike": (.arn, false),
            "ArnNotEquals": (.arn, true), "ArnNotLike": (.arn, true),
            "Null": (.null, false),
        ]
        for order in Order.allCases {
            all["Numeric\(order.rawValue)"] = (.number(order), false)
            all["Date\(order.rawValue)"] = (.date(order), false)
        }
        return all
    }()
}

extension ConditionOperator.Order {
    func holds<Value: Comparable>(_ value: Value, _ reference: Value) -> Bool {
        switch self {
        case .equals: value == reference
        case .less: value < reference
        case .lessOrEqual: value <= reference
        case .greater: value > reference
        case .greaterOrEqual: value >= reference
        }
    }
}
