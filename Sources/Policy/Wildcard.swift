/// A pattern in which `*` stands for any run of characters and `?` for any one.
///
/// [Actions](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html),
/// [resources](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
public struct Wildcard: Sendable, Hashable {
    /// The pattern as it was written.
    public let source: String
    /// Whether `A` and `a` are the same, in ASCII.
    public let ignoresCase: Bool
    private let tokens: [Token]

    private enum Token: Hashable {
        case byte(UInt8)
        case anyCharacter
        case anyRun
    }

    /// Reads a pattern in which every `*` and `?` is a wildcard.
    public init(_ source: String, ignoringCase: Bool = false) {
        self.source = source
        ignoresCase = ignoringCase
        tokens = source.utf8.map { Self.token($0, ignoringCase) }
    }

    /// Reads a pattern with policy variables, as documents of version 2012-10-17 have them.
    ///
    /// `${*}`, `${?}` and `${$}` stand for the characters themselves.
    ///
    /// - Returns: `nil` where the pattern has a variable with any other name, or one without an end.
    /// - Note: [Policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html)
    public init?(withVariables source: String) {
        self.source = source
        ignoresCase = false
        var tokens: [Token] = []
        var rest = Substring(source)
        while let byte = rest.utf8.first {
            if rest.hasPrefix("${") {
                let name = rest.dropFirst(2).prefix { $0 != "}" }
                guard ["*", "?", "$"].contains(name), rest.dropFirst(3).first == "}",
                    let literal = name.utf8.first
                else { return nil }
                tokens.append(.byte(literal))
                rest = rest.dropFirst(4)
            } else {
                tokens.append(Self.token(byte, false))
                rest = Substring(rest.utf8.dropFirst())
            }
        }
        self.tokens = tokens
    }

    private static func token(_ byte: UInt8, _ ignoringCase: Bool) -> Token {
        switch byte {
        case UInt8(ascii: "*"): .anyRun
        case UInt8(ascii: "?"): .anyCharacter
        default: .byte(ignoringCase ? byte.lowercased : byte)
        }
    }
}

extension Wildcard {
    /// Whether the pattern matches the whole of a text.
    ///
    /// Only the last `*` that was met is ever tried again: what it had to match before the one after
    /// it can only match later. So the work is at most the pattern's length times the text's, and
    /// without a `*` in the middle it is the text's.
    public func matches(_ text: String) -> Bool {
        let text = text.utf8.span
        var (token, byte) = (0, 0)
        var retry: (token: Int, byte: Int)?
        while byte < text.count {
            if token < tokens.count, tokens[token] == .anyRun {
                token += 1
                if token == tokens.count { return true }
                retry = (token, byte)
            } else if let length = matchedLength(of: token, in: text, at: byte) {
                token += 1
                byte += length
            } else if let last = retry {
                retry = (last.token, last.byte + 1)
                (token, byte) = (last.token, last.byte + 1)
            } else {
                return false
            }
        }
        return tokens[token...].allSatisfy { $0 == .anyRun }
    }

    /// How many bytes of `text` one token takes: `?` takes a character of UTF-8 whole, and begins
    /// only where one does.
    private func matchedLength(of token: Int, in text: Span<UInt8>, at byte: Int) -> Int? {
        guard token < tokens.count else { return nil }
        let first = text[byte]
        switch tokens[token] {
        case .anyRun: return nil
        case .byte(let wanted): return wanted == (ignoresCase ? first.lowercased : first) ? 1 : nil
        case .anyCharacter:
            guard !first.continuesCharacter else { return nil }
            var end = byte + 1
            while end < text.count, text[end].continuesCharacter { end += 1 }
            return end - byte
        }
    }
}

extension UInt8 {
    fileprivate var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    fileprivate var continuesCharacter: Bool { self & 0b1100_0000 == 0b1000_0000 }
}
