import NIOHTTP1
import Policy

extension Control {
    /// Adds a fault.
    ///
    /// - Parameters:
    ///   - kind: What goes wrong, such as `delay`.
    ///   - effect: What belongs to the kind, by the API's names.
    ///   - rule: Which requests are meant, by the API's names.
    ///   - client: Whose requests are meant, by the API's names.
    /// - Returns: The fault, as JSON on one line.
    /// - Throws: ``Refusal``.
    public func addFault(
        _ kind: String,
        effect: [String: Value],
        rule: [String: Value],
        client: [String: Value]
    ) async throws(Refusal) -> String {
        var members = Self.members(rule)
        if !client.isEmpty { members.append(.init("client", .object(Self.members(client)))) }
        let effects = [JSON.Member("kind", .string(kind))] + Self.members(effect)
        members.append(.init("effect", .object(effects)))
        return try await ask(.POST, "faults", .object(members)).text
    }

    /// The faults, one JSON object a line.
    ///
    /// - Throws: ``Refusal``.
    public func faults() async throws(Refusal) -> [String] {
        try await ask(.GET, "faults")["faults"]?.array?.map(\.text) ?? []
    }

    /// Clears one fault, or all, perhaps with a new seed.
    ///
    /// - Throws: ``Refusal``.
    public func clearFaults(_ id: String?, seed: String?) async throws(Refusal) {
        let query = seed.map { [(name: "seed", value: $0)] } ?? []
        _ = try await ask(.DELETE, id.map { "faults/\($0)" } ?? "faults", query: query)
    }

    /// The clock, as JSON on one line.
    ///
    /// - Throws: ``Refusal``.
    public func clock() async throws(Refusal) -> String { try await ask(.GET, "clock").text }

    /// Sets the clock: `freeze`, `move`, `speed` or `real`.
    ///
    /// - Returns: The clock, as JSON on one line.
    /// - Throws: ``Refusal``.
    public func setClock(
        _ how: String,
        _ fields: [String: Value] = [:]
    ) async throws(Refusal) -> String {
        try await ask(.POST, "clock/\(how)", .object(Self.members(fields))).text
    }

    /// Turns the recorder on or off.
    ///
    /// - Returns: The recorder, as JSON on one line.
    /// - Throws: ``Refusal``.
    public func record(_ isOn: Bool, limit: String? = nil) async throws(Refusal) -> String {
        var fields: [String: Value] = ["on": .flag(isOn)]
        if let limit { fields["limit"] = .number(limit) }
        return try await ask(.PUT, "recorder", .object(Self.members(fields))).text
    }

    /// The recorded calls that are meant, one JSON object a line.
    ///
    /// - Throws: ``Refusal``.
    public func calls(_ filter: [String: String]) async throws(Refusal) -> [String] {
        try await ask(.GET, "calls", query: Self.query(filter))["calls"]?.array?.map(\.text) ?? []
    }

    /// Waits for calls that are meant.
    ///
    /// - Returns: Those that are there, one JSON object a line.
    /// - Throws: ``Refusal``, also where fewer came than were waited for.
    public func waitForCalls(_ filter: [String: String]) async throws(Refusal) -> [String] {
        let answer = try await ask(.GET, "calls/wait", query: Self.query(filter))
        guard answer["met"] == .bool(true) else {
            throw Refusal("Not enough calls came: \(answer["calls"]?.array?.count ?? 0).")
        }
        return answer["calls"]?.array?.map(\.text) ?? []
    }

    /// The recorded calls that are meant as a HAR file.
    ///
    /// - Throws: ``Refusal``.
    public func har(_ filter: [String: String]) async throws(Refusal) -> String {
        try await ask(.GET, "calls/har", query: Self.query(filter)).text
    }

    /// Forgets all calls.
    ///
    /// - Throws: ``Refusal``.
    public func clearCalls() async throws(Refusal) { _ = try await ask(.DELETE, "calls") }
}

extension Control {
    /// What a member of a request is.
    public enum Value: Sendable, Hashable {
        /// A string.
        case text(String)
        /// A number, in its digits.
        case number(String)
        /// `true` or `false`.
        case flag(Bool)
    }

    private static func members(_ fields: [String: Value]) -> [JSON.Member] {
        fields.sorted { $0.key < $1.key }.map { name, value in
            switch value {
            case .text(let text): JSON.Member(name, .string(text))
            // What is no number is told so by the daemon: as a string it is still JSON.
            case .number(let digits):
                JSON.Member(name, Double(digits) == nil ? .string(digits) : .number(digits))
            case .flag(let flag): JSON.Member(name, .bool(flag))
            }
        }
    }

    private static func query(_ filter: [String: String]) -> [(name: String, value: String)] {
        filter.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}
