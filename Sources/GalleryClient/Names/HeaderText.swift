import S3Protocol

/// Text in header fields.
enum HeaderText {
    /// Whether a value can stand in a header field as it is: printable ASCII, without spaces at its ends.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.first != 0x20
            && text.utf8.last != 0x20
    }

    /// A `Content-Disposition` that makes a browser save a file under a name.
    ///
    /// The name stands there twice: in ASCII for old readers, and in UTF-8 for all others.
    ///
    /// [RFC 6266](https://www.rfc-editor.org/rfc/rfc6266), [RFC 8187](https://www.rfc-editor.org/rfc/rfc8187)
    static func attachment(_ name: String) -> String {
        let safe = name.unicodeScalars.filter { $0.properties.generalCategory != .control }
        let fallback = safe.map { scalar -> Character in
            let isQuotable = scalar.isASCII && scalar != "\"" && scalar != "\\" && scalar != "%"
            return isQuotable ? Character(scalar) : "_"
        }
        let plain = "attachment; filename=\"\(String(fallback))\""
        let text = String(String.UnicodeScalarView(safe))
        if text == String(fallback) { return plain }
        return plain + "; filename*=UTF-8''\(PercentCoding.encode(text))"
    }
}
