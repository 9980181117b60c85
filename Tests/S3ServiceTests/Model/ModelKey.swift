import S3Protocol

/// A key, prefix, delimiter or marker as S3 sees it: bytes, of which none equals another.
///
/// Swift's strings will not do here: to them `é` in one scalar equals `é` in two, and `\r\n` is one character.
struct ModelKey: Hashable, Comparable, CustomStringConvertible, Sendable {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }
    init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var isEmpty: Bool { bytes.isEmpty }
    /// As a path or a query carries it; printed so too, because it may hold anything.
    var encoded: String { PercentCoding.encode(text, keeping: .slashes) }
    var description: String { encoded }

    static func < (left: ModelKey, right: ModelKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    func hasPrefix(_ prefix: ModelKey) -> Bool { bytes.starts(with: prefix.bytes) }

    /// As much of the key as ends with the first delimiter after the prefix; `nil` where there is none.
    func rolledUp(prefix: ModelKey, delimiter: ModelKey) -> ModelKey? {
        guard !delimiter.isEmpty, hasPrefix(prefix) else { return nil }
        let starts = prefix.bytes.count..<max(prefix.bytes.count, bytes.count)
        let found = starts.first { bytes[$0...].starts(with: delimiter.bytes) }
        return found.map { ModelKey(bytes[..<($0 + delimiter.bytes.count)]) }
    }

    /// The key as an XML document can carry it: what is no plain letter as a reference.
    var asXML: String {
        text.unicodeScalars.map { scalar in
            scalar.value > 0x20 && scalar.isASCII && !"<>&\"'".unicodeScalars.contains(scalar)
                ? String(scalar) : "&#\(scalar.value);"
        }.joined()
    }
}

extension ModelKey {
    /// Keys that have met a bug somewhere, and keys that share prefixes with them.
    static let pool: [ModelKey] = [
        "a", "a/", "a//", "a/b", "a//b", "a/b/c", "a/c", "a!", "a0", "ab", "A", "/", "//", "/a",
        ".", "..",
        "../a", "a/../b", "a/./b", "a+b", "a b", "a%2Fb", "a%", "%00", "a?b", "a#b", "a&b=c", "a;b",
        "a\\b",
        "<a>", "&amp;", "'\"", "null", "a/null", "\u{1}", "a\u{1}/b", "\u{8}", "\t", "\n", "\r\n",
        "a\r\n/b",
        "a/\u{301}", "\u{301}a", "e\u{301}/a", "e\u{301}/b", "\u{E9}/a", "\u{E9}", "e", "e/a",
        "\u{FFFF}",
        "\u{E000}", "\u{1F600}", "\u{1F600}/a", "\u{10FFFF}", "\u{10FFFF}/a", "\u{7F}", "\u{FEFF}a",
        "a\u{1F468}\u{200D}\u{1F467}",
        String(repeating: "k", count: 1024), String(repeating: "k", count: 1023),
        String(repeating: "d/", count: 512),
    ].map { ModelKey($0) }

    static let prefixes: [ModelKey] = [
        "", "", "", "", "a", "a/", "a//", "e", "e\u{301}", "\u{E9}", "/", ".", "..", "\u{1F600}",
        "\u{10FFFF}", "\r",
        "k", "d/", "zzz", "\u{1}", "%",
    ].map { ModelKey($0) }

    static let delimiters: [ModelKey] = [
        "", "", "/", "/", "/", "/", "//", "a", "b", "\u{301}", "\n", "\r\n", "%", "null",
        "e\u{301}/",
    ].map { ModelKey($0) }
}
