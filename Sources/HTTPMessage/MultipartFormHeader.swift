/// Reads what stands before a field's content, and the boundary in a request's content type.
///
/// Stricter than mail: no folded lines, no parameter twice, no encoding that would change the bytes.
enum MultipartFormHeader {
    /// The boundary that the value of a `Content-Type` header names.
    static func boundary(contentType: String) throws(MultipartFormError) -> String {
        let (type, parameters) = try parameters(of: contentType, orElse: .notAForm)
        guard type == "multipart/form-data", let boundary = parameters["boundary"],
            (1...MultipartFormLimits.boundaryBytes).contains(boundary.utf8.count),
            boundary.utf8.last != UInt8(ascii: " "),
            boundary.utf8.allSatisfy(isBoundaryCharacter)
        else { throw .notAForm }
        return boundary
    }

    /// The field that a block of header lines begins, given without the empty line after them.
    static func field(
        _ block: some Collection<UInt8>
    ) throws(MultipartFormError)
        -> MultipartFormField
    {
        var values: [String: String] = [:]
        for line in try lines(block) {
            let bytes = line.utf8
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex,
                bytes[..<colon].allSatisfy(isTokenCharacter)
            else { throw .malformed("a field's header line has no name") }
            let name = line[..<colon].lowercased()
            guard
                values.updateValue(trimmed(line[bytes.index(after: colon)...]), forKey: name) == nil
            else { throw .malformed("a field has two \(name) headers") }
        }
        try checkEncoding(values["content-transfer-encoding"])
        guard let disposition = values["content-disposition"] else {
            throw .malformed("a field has no Content-Disposition header")
        }
        let broken = MultipartFormError.malformed("a Content-Disposition header cannot be read")
        let (type, parameters) = try parameters(of: disposition, orElse: broken)
        guard type == "form-data", let name = parameters["name"] else { throw broken }
        return MultipartFormField(
            name: name,
            fileName: parameters["filename"],
            contentType: values["content-type"]
        )
    }

    /// The lines of a block, as text.
    private static func lines(
        _ block: some Collection<UInt8>
    ) throws(MultipartFormError) -> [Substring] {
        guard let text = String(validating: block, as: UTF8.self) else {
            throw .malformed("a field's header is not UTF-8")
        }
        var lines: [Substring] = []
        var rest = text.utf8[...]
        while true {
            let end = rest.firstIndex { $0 == 0x0D || $0 == 0x0A || $0 == 0 } ?? rest.endIndex
            lines.append(Substring(rest[..<end]))
            rest = rest[end...]
            guard !rest.isEmpty else { return lines }
            guard rest.starts(with: [0x0D, 0x0A]) else {
                throw .malformed("a field's header has a stray line end or NUL")
            }
            rest = rest.dropFirst(2)
        }
    }

    /// Browsers send bytes as they are; an encoding that must be undone is nobody's any more.
    private static func checkEncoding(_ encoding: String?) throws(MultipartFormError) {
        guard let encoding = encoding?.lowercased() else { return }
        guard ["7bit", "8bit", "binary"].contains(encoding) else {
            throw .malformed("a field has the Content-Transfer-Encoding \(encoding)")
        }
    }
}

// MARK: Values with parameters

extension MultipartFormHeader {
    /// Reads `type; name=value; name="value"`, the type and the names in lower case.
    ///
    /// A parameter whose name ends in `*` has a spelling of its own that forms must not use and some
    /// clients add; the plain one beside it counts.
    private static func parameters(
        of text: String,
        orElse broken: MultipartFormError
    ) throws(MultipartFormError) -> (type: String, [String: String]) {
        var rest = text.utf8[...]
        let type = take(&rest) { $0 != UInt8(ascii: ";") }
        var parameters: [String: String] = [:]
        while rest.popFirst() != nil {
            skipBlanks(&rest)
            guard !rest.isEmpty else { break }
            let name = take(&rest, while: isTokenCharacter).lowercased()
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "="),
                let value = value(&rest)
            else { throw broken }
            skipBlanks(&rest)
            guard rest.isEmpty || rest.first == UInt8(ascii: ";"),
                parameters.updateValue(value, forKey: name) == nil
            else { throw broken }
        }
        return (trimmed(type[...]).lowercased(), parameters)
    }

    /// A value, in quotation marks or bare; `nil` where it cannot be read.
    private static func value(_ rest: inout Substring.UTF8View) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let bare = take(&rest) {
                $0 > 0x20 && $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "\"")
            }
            return bare.isEmpty ? nil : bare
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: value, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let next = rest.first, isEscaped(next, rest) {
                rest = rest.dropFirst()
                value.append(next)
            } else {
                value.append(byte)
            }
        }
        return nil
    }

    /// Whether a backslash escapes what follows it.
    ///
    /// Go and older curl escape the quotation mark and the backslash; browsers escape nothing, and
    /// send `C:\cats\tom.jpg` and `tom\` as they are.
    private static func isEscaped(_ next: UInt8, _ rest: Substring.UTF8View) -> Bool {
        switch next {
        case UInt8(ascii: "\\"): true
        case UInt8(ascii: "\""): rest.dropFirst().contains(UInt8(ascii: "\""))
        default: false
        }
    }

    private static func take(
        _ rest: inout Substring.UTF8View,
        while isWanted: (UInt8) -> Bool
    ) -> String {
        let part = rest.prefix(while: isWanted)
        rest = rest[part.endIndex...]
        return String(Substring(part))
    }

    private static func skipBlanks(_ rest: inout Substring.UTF8View) {
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    }

    private static func trimmed(_ text: Substring) -> String {
        var bytes = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        while bytes.last == 0x20 || bytes.last == 0x09 { bytes.removeLast() }
        return String(Substring(bytes))
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }

    private static func isBoundaryCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "'()+_,-./:=? ".utf8.contains(byte)
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
