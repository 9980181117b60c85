/// A text of a policy that requests are compared with, with its wildcards and its variables.
///
/// `${aws:username}` stands for what the request has under that key, letter by letter;
/// `${aws:username, 'nobody'}` has a word for requests that have nothing there; `${*}`, `${?}` and `${$}`
/// stand for the characters themselves.
///
/// [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
public struct Pattern: Sendable, Hashable {
    /// The pattern as it was written.
    public let source: String
    private let ignoresCase: Bool
    private let content: Content

    private enum Content: Hashable {
        case fixed(Wildcard)
        case variable([Segment])
    }

    private enum Segment: Hashable {
        case piece(Wildcard.Piece)
        case variable(key: String, fallback: String?)
    }

    /// Reads a pattern without variables.
    public init(_ source: String, ignoringCase: Bool = false) {
        self.source = source
        ignoresCase = ignoringCase
        content = .fixed(Wildcard(source, ignoringCase: ignoringCase))
    }

    /// Reads a pattern with variables, as documents of version 2012-10-17 have them.
    ///
    /// - Parameters:
    ///   - source: The pattern.
    ///   - hasWildcards: Whether `*` and `?` mean more than themselves.
    ///   - ignoringCase: Whether `A` and `a` are the same.
    /// - Throws: ``PolicyError`` where a variable has no end or no name.
    public init(
        withVariables source: String,
        hasWildcards: Bool = true,
        ignoringCase: Bool = false
    ) throws(PolicyError) {
        self.source = source
        ignoresCase = ignoringCase
        let segments = try Self.segments(source, hasWildcards)
        let pieces = segments.compactMap { if case .piece(let piece) = $0 { piece } else { nil } }
        content =
            pieces.count == segments.count
            ? .fixed(Wildcard(pieces, ignoringCase: ignoringCase)) : .variable(segments)
    }

    /// Reads a pattern in which no character means more than itself.
    public init(literal source: String, ignoringCase: Bool = false) {
        self.source = source
        ignoresCase = ignoringCase
        content = .fixed(Wildcard([.literal(source)], ignoringCase: ignoringCase))
    }

    /// Whether it has neither variables nor wildcards: it is one text and no other.
    public var isFixed: Bool {
        guard case .fixed = content else { return false }
        return !source.utf8.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
    }

    /// Whether the pattern matches the whole of a text; one with a variable that the request has no
    /// value for matches nothing.
    public func matches(_ text: String, _ values: any ConditionValues) throws -> Bool {
        try resolved(values)?.matches(text) ?? false
    }

    /// The pattern with a request's values in place of its variables; `nil` where one is missing.
    public func resolved(_ values: any ConditionValues) throws -> Wildcard? {
        switch content {
        case .fixed(let wildcard): return wildcard
        case .variable(let segments):
            var pieces: [Wildcard.Piece] = []
            for segment in segments {
                switch segment {
                case .piece(let piece): pieces.append(piece)
                case .variable(let key, let fallback):
                    let found = try values.values(of: key) ?? []
                    // A key of many values has none that a variable could stand for.
                    guard let value = found.count == 1 ? found.first : fallback else { return nil }
                    pieces.append(.literal(value))
                }
            }
            return Wildcard(pieces, ignoringCase: ignoresCase)
        }
    }

    private static func segments(
        _ source: String,
        _ hasWildcards: Bool
    ) throws(PolicyError) -> [Segment] {
        var segments: [Segment] = []
        var rest = Substring(source)
        while let start = rest.firstRange(of: "${") {
            append(String(rest[..<start.lowerBound]), hasWildcards, to: &segments)
            let inside = rest[start.upperBound...]
            guard let end = inside.firstIndex(of: "}") else {
                throw PolicyError("\"\(source)\" has a variable without an end.")
            }
            segments.append(try segment(inside[..<end], of: source))
            rest = inside[inside.index(after: end)...]
        }
        append(String(rest), hasWildcards, to: &segments)
        return segments
    }

    private static func append(
        _ text: String,
        _ hasWildcards: Bool,
        to segments: inout [Segment]
    ) {
        guard !text.isEmpty else { return }
        segments.append(.piece(hasWildcards ? .pattern(text) : .literal(text)))
    }

    private static func segment(
        _ inside: Substring,
        of source: String
    ) throws(PolicyError) -> Segment {
        if ["*", "?", "$"].contains(inside) { return .piece(.literal(String(inside))) }
        let parts = inside.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        let key = parts.first.map(trimmed) ?? ""
        guard key.contains(":"), !key.contains("$") else {
            throw PolicyError("\"\(source)\" has a variable that is no key: ${\(inside)}.")
        }
        guard parts.count == 2, let text = parts.last.map(trimmed) else {
            return .variable(key: ConditionKey.normalized(key), fallback: nil)
        }
        guard text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") else {
            throw PolicyError("\"\(source)\" has a default that is not in single quotes.")
        }
        return .variable(
            key: ConditionKey.normalized(key),
            fallback: String(text.dropFirst().dropLast())
        )
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
