/// A pattern in which `*` stands for any run of characters and `?` for any one.
///
/// [Actions](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html),
/// [resources](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html)
public struct Wildcard: Sendable, Hashable {
    /// A stretch of a pattern.
    public enum Piece: Sendable, Hashable {
        /// Text in which `*` and `?` are wildcards.
        case pattern(String)
        /// Text that stands for itself.
        case literal(String)
    }

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
        self.init([.pattern(source)], ignoringCase: ignoringCase)
    }

    /// Puts a pattern together.
    public init(_ pieces: [Piece], ignoringCase: Bool = false) {
        ignoresCase = ignoringCase
        tokens = pieces.flatMap { piece -> [Token] in
            switch piece {
            case .pattern(let text): text.utf8.map { Self.token($0, ignoringCase) }
            case .literal(let text):
                text.utf8.map { Token.byte(ignoringCase ? $0.lowercased : $0) }
            }
        }
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
