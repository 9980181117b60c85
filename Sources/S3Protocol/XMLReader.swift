/// A strict reader of the small XML documents that S3 requests carry.
///
/// It reads elements, attributes, text, CDATA, comments and processing instructions, the five named
/// references and numeric ones. A document type is refused, so that no entity can be declared.
struct XMLReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads one document to its end.
    mutating func document() throws(S3Error) -> XMLElement {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try skipMisc()
        let element = try element(depth: 1)
        try skipMisc()
        guard position == bytes.count else { throw S3Error(.malformedXML) }
        return element
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    // MARK: Elements

    private mutating func element(depth: Int) throws(S3Error) -> XMLElement {
        guard depth <= Limits.xmlDepth else { throw S3Error(.malformedXML) }
        try expect("<")
        let qualified = try name()
        var element = XMLElement(name: Self.local(qualified))
        try attributes(of: &element)
        if skip("/>") { return element }
        try expect(">")
        try content(of: &element, depth: depth)
        guard try name() == qualified else { throw S3Error(.malformedXML) }
        skipSpace()
        try expect(">")
        return element
    }

    /// Reads up to and over the `</` that ends the element.
    private mutating func content(of element: inout XMLElement, depth: Int) throws(S3Error) {
        var text: [UInt8] = []
        while !skip("</") {
            if skip("<!--") {
                try skipPast("-->")
            } else if skip("<![CDATA[") {
                let start = position
                try skipPast("]]>")
                text.append(contentsOf: bytes[start..<(position - 3)])
            } else if skip("<?") {
                try skipPast("?>")
            } else if peek == UInt8(ascii: "<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                try characters(into: &text, until: UInt8(ascii: "<"))
            }
        }
        guard let decoded = String(validating: text, as: UTF8.self) else {
            throw S3Error(.malformedXML)
        }
        element.text = decoded
    }

    private mutating func attributes(of element: inout XMLElement) throws(S3Error) {
        while true {
            let hadSpace = skipSpace()
            guard let byte = peek else { throw S3Error(.malformedXML) }
            if byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") { return }
            guard hadSpace else { throw S3Error(.malformedXML) }
            let name = try name()
            skipSpace()
            try expect("=")
            skipSpace()
            guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                throw S3Error(.malformedXML)
            }
            position += 1
            var value: [UInt8] = []
            try characters(into: &value, until: quote)
            position += 1
            guard let decoded = String(validating: value, as: UTF8.self),
                element.attributes.updateValue(decoded, forKey: Self.local(name)) == nil
                    || name.hasPrefix("xmlns")
            else { throw S3Error(.malformedXML) }
        }
    }

    // MARK: Text

    /// Reads characters up to, and not over, `end`, resolving references and folding line ends.
    private mutating func characters(into text: inout [UInt8], until end: UInt8) throws(S3Error) {
        while let byte = peek, byte != end {
            position += 1
            switch byte {
            case UInt8(ascii: "&"): text.append(contentsOf: try reference())
            case UInt8(ascii: "<"): throw S3Error(.malformedXML)
            case 0x0D:
                if peek != 0x0A { text.append(0x0A) }
            case 0..<0x20 where !Self.isSpace(byte): throw S3Error(.malformedXML)
            default: text.append(byte)
            }
        }
        guard peek != nil else { throw S3Error(.malformedXML) }
    }

    private mutating func reference() throws(S3Error) -> [UInt8] {
        let start = position
        while let byte = peek, byte != UInt8(ascii: ";"), position - start <= 10 { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        try expect(";")
        switch name {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default:
            // Control characters too: clients send keys that plain XML text cannot carry as `&#1;`.
            let number =
                name.hasPrefix("#x")
                ? UInt32(name.dropFirst(2), radix: 16)
                : name.hasPrefix("#") ? UInt32(name.dropFirst(1)) : nil
            guard let scalar = number.flatMap(Unicode.Scalar.init), scalar.value != 0 else {
                throw S3Error(.malformedXML)
            }
            return Array(String(scalar).utf8)
        }
    }

    // MARK: Tokens

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func name() throws(S3Error) -> String {
        let start = position
        while let byte = peek, Self.isNameByte(byte) { position += 1 }
        guard position > start, position - start <= Limits.xmlNameBytes else {
            throw S3Error(.malformedXML)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "-"), UInt8(ascii: "."), 0x80...0xFF:
            true
        default: false
        }
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init) ?? name
    }

    /// White space, comments and processing instructions around the root; a `<!DOCTYPE` is none.
    private mutating func skipMisc() throws(S3Error) {
        while true {
            skipSpace()
            if skip("<?") {
                try skipPast("?>")
            } else if skip("<!--") {
                try skipPast("-->")
            } else {
                return
            }
        }
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while let byte = peek, Self.isSpace(byte) { position += 1 }
        return position > start
    }

    private mutating func skip(_ token: String) -> Bool {
        guard bytes[position...].starts(with: token.utf8) else { return false }
        position += token.utf8.count
        return true
    }

    private mutating func expect(_ token: String) throws(S3Error) {
        guard skip(token) else { throw S3Error(.malformedXML) }
    }

    private mutating func skipPast(_ token: String) throws(S3Error) {
        while position < bytes.count {
            if skip(token) { return }
            position += 1
        }
        throw S3Error(.malformedXML)
    }
}
