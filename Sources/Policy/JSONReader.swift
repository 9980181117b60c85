/// Why a text is not JSON that is accepted here.
package struct JSONError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, and where.
    package let description: String
}

extension JSON {
    /// Reads one JSON value and nothing after it.
    ///
    /// Stricter than most readers: an object that names a member twice is refused, since two readers
    /// would disagree about which of the two counts.
    ///
    /// - Parameters:
    ///   - text: the document.
    ///   - limit: the longest document accepted, in bytes.
    ///   - depth: how deep arrays and objects may be nested.
    ///   - escapes: what a backslash before a letter means beyond JSON's own escapes.
    /// - Throws: ``JSONError`` where the text is anything else.
    package init(
        parsing text: String,
        limit: Int,
        depth: Int = 16,
        escapes: [Unicode.Scalar: String] = [:]
    ) throws(JSONError) {
        guard text.utf8.count <= limit else {
            throw JSONError(description: "longer than \(limit) bytes")
        }
        var reader = JSONReader(
            bytes: Array(text.utf8),
            maximumDepth: depth,
            escapes: escapes
        )
        self = try reader.document()
    }
}

/// A recursive-descent reader over UTF-8; the nesting is bounded, so the stack is too.
private struct JSONReader {
    let bytes: [UInt8]
    let maximumDepth: Int
    let escapes: [Unicode.Scalar: String]
    var position = 0
    var depth = 0

    mutating func document() throws(JSONError) -> JSON {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw error("more text after the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return .object(try members())
        case UInt8(ascii: "["): return .array(try elements())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
            return .number(try number())
        case nil: throw error("the text ends where a value should be")
        default: throw error("not a value")
        }
    }

    private mutating func members() throws(JSONError) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var names: Set<String> = []
        try list(until: UInt8(ascii: "}")) { reader throws(JSONError) in
            guard reader.peek == UInt8(ascii: "\"") else {
                throw reader.error("not a member's name")
            }
            let name = try reader.string()
            guard names.insert(name).inserted else {
                throw reader.error("\"\(name)\" is there twice")
            }
            reader.skipSpace()
            guard reader.take(UInt8(ascii: ":")) else { throw reader.error("a colon is missing") }
            members.append(JSON.Member(name, try reader.value()))
        }
        return members
    }

    private mutating func elements() throws(JSONError) -> [JSON] {
        var elements: [JSON] = []
        try list(until: UInt8(ascii: "]")) { reader throws(JSONError) in
            elements.append(try reader.value())
        }
        return elements
    }

    private mutating func list(
        until close: UInt8,
        _ item: (inout JSONReader) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard depth < maximumDepth else { throw error("nested deeper than \(maximumDepth)") }
        depth += 1
        position += 1
        skipSpace()
        if !take(close) {
            repeat {
                skipSpace()
                try item(&self)
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(close) else { throw error("a comma or an end is missing") }
        }
        depth -= 1
    }

    private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        for byte in word.utf8 {
            guard take(byte) else { throw error("not a value") }
        }
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw error("a digit is missing") }
    }
}

extension JSONReader {
    private mutating func string() throws(JSONError) -> String {
        position += 1
        var content: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): content.append(contentsOf: try escape().utf8)
            case 0..<0x20: throw error("a control character in a string")
            default: content.append(byte)
            }
        }
        throw error("a string without an end")
    }

    private mutating func escape() throws(JSONError) -> String {
        guard let letter = peek else { throw error("a string without an end") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
            return String(Unicode.Scalar(letter))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return String(try scalar())
        default:
            guard let meant = escapes[Unicode.Scalar(letter)] else {
                throw error("not an escape sequence")
            }
            return meant
        }
    }

    /// The scalar of a `\u` escape, or of the two that make up a surrogate pair.
    private mutating func scalar() throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit()
        var units = [first]
        if UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self),
            let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
        else { throw error("half a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw error("not four hexadecimal digits") }
            position += 1
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private func error(_ reason: String) -> JSONError {
        let line = bytes.prefix(position).count { $0 == UInt8(ascii: "\n") } + 1
        return JSONError(description: "\(reason) (line \(line), byte \(position))")
    }
}
