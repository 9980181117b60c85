import Policy
import S3Protocol

/// The members of a JSON object, read by name: what is there and not expected is refused.
struct JSONFields: Sendable {
    private let object: JSON

    /// - Throws: ``AdministrationError`` where it is no object, or has members beside those named.
    init(_ json: JSON, _ names: [String]) throws(AdministrationError) {
        guard case .object(let members) = json else { throw .invalid("An object is wanted.") }
        for member in members where !names.contains(member.name) {
            throw .invalid(
                "There is no member \(member.name); known are \(names.joined(separator: ", "))."
            )
        }
        object = json
    }

    /// Whether a member is there, and not `null`.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// A member's value; `null` counts as absent.
    subscript(name: String) -> JSON? {
        let value = object[name]
        return value == .null ? nil : value
    }

    /// A member that is a string.
    func text(_ name: String) throws(AdministrationError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw .invalid("\(name) must be a string.") }
        return text
    }

    /// A member that is a whole number.
    func integer(_ name: String) throws(AdministrationError) -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .number(let digits) = value, let number = Int64(digits) else {
            throw .invalid("\(name) must be a whole number.")
        }
        return number
    }

    /// A member that is a whole number and no part of the store's own counting.
    func count(_ name: String) throws(AdministrationError) -> Int? {
        try integer(name).map { Int($0) }
    }

    /// A member that is a number.
    func number(_ name: String) throws(AdministrationError) -> Double? {
        guard let value = self[name] else { return nil }
        guard case .number(let digits) = value, let number = Double(digits), number.isFinite else {
            throw .invalid("\(name) must be a number.")
        }
        return number
    }

    /// A member that is `true` or `false`.
    func flag(_ name: String) throws(AdministrationError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw .invalid("\(name) must be true or false.") }
        return flag
    }

    /// A member that is a moment.
    func moment(_ name: String) throws(AdministrationError) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let moment = ISO8601.parse(text) else {
            throw .invalid("\(name) must be a moment such as 2026-01-31T12:00:00Z.")
        }
        return moment
    }

    /// A member that must be there.
    func required<Value>(_ name: String, _ value: Value?) throws(AdministrationError) -> Value {
        guard let value else { throw .invalid("\(name) is missing.") }
        return value
    }
}
