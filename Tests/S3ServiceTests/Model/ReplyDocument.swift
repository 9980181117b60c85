/// A reply's XML, read by a reader of its own: the service's would share its mistakes, and it refuses the
/// control characters that S3 writes into documents for who does not ask for `encoding-type=url`.
struct ReplyDocument {
    let name: String
    private(set) var text: [UInt8] = []
    private(set) var children: [ReplyDocument] = []

    subscript(_ name: String) -> ReplyDocument? { children.first { $0.name == name } }

    func all(_ name: String) -> [ReplyDocument] { children.filter { $0.name == name } }

    /// The text of a child.
    func string(_ name: String) -> String? {
        self[name].map { String(decoding: $0.text, as: UTF8.self) }
    }

    private init(name: String) { self.name = name }

    /// Reads a document; `nil` where it is none.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        if rest.starts(with: Array("<?xml".utf8)) {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
            rest = rest[(end + 1)...].drop { $0 == 0x0A }
        }
        guard let root = Self.element(&rest), rest.isEmpty else { return nil }
        self = root
    }

    private static func element(_ rest: inout ArraySlice<UInt8>) -> ReplyDocument? {
        guard let tag = tag(&rest), !tag.starts(with: Array("/".utf8)) else { return nil }
        let name = String(decoding: tag.prefix { $0 != 0x20 }, as: UTF8.self)
        var element = ReplyDocument(name: name)
        if tag.last == UInt8(ascii: "/") { return element }
        while true {
            let text = rest.prefix { $0 != UInt8(ascii: "<") }
            rest = rest[text.endIndex...]
            guard let plain = resolved(text) else { return nil }
            element.text += plain
            if rest.starts(with: Array("</".utf8)) {
                return Self.tag(&rest).map { Array($0) } == Array("/\(name)".utf8) ? element : nil
            }
            guard let child = Self.element(&rest) else { return nil }
            element.children.append(child)
        }
    }

    /// What is between the angle brackets.
    private static func tag(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.first == UInt8(ascii: "<"), let end = rest.firstIndex(of: UInt8(ascii: ">"))
        else {
            return nil
        }
        let tag = rest[(rest.startIndex + 1)..<end]
        rest = rest[(end + 1)...]
        return tag
    }

    private static func resolved(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var plain: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "&") else {
                plain.append(byte)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let name = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            guard let scalar = named[name] ?? numbered(name) else { return nil }
            plain += Array(String(scalar).utf8)
        }
        return plain
    }

    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
    ]

    private static func numbered(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return nil }
        let number =
            name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
        return number.flatMap { Unicode.Scalar($0) }
    }
}
