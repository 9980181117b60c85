/// An element of a request's XML document, with everything in it.
public struct XMLElement: Hashable, Sendable {
    /// The name, without a namespace prefix.
    public let name: String
    /// The text directly inside, with references resolved.
    ///
    /// White space around it is kept.
    public internal(set) var text = ""
    /// The elements directly inside, in order.
    public internal(set) var children: [XMLElement] = []
    /// The attributes, by name without a namespace prefix.
    public internal(set) var attributes: [String: String] = [:]

    init(name: String) { self.name = name }

    /// The first child of a name.
    public subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of a name, in order.
    public func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The text with the white space around it taken away, as numbers and keywords are read.
    public var trimmed: String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { !XMLReader.isSpace($0) }),
            let last = bytes.lastIndex(where: { !XMLReader.isSpace($0) })
        else { return "" }
        return String(text[first...last])
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: the document, UTF-8.
    ///   - root: the name its outermost element must have.
    /// - Returns: the outermost element.
    /// - Throws: ``S3Error`` with `MalformedXML` for anything that is not well-formed, has a document
    ///   type, nests deeper than ``Limits/xmlDepth``, or has another root.
    public static func parse(
        _ bytes: some Collection<UInt8>,
        root: String
    ) throws(S3Error) -> XMLElement {
        var reader = XMLReader(Array(bytes))
        let element = try reader.document()
        guard element.name == root else { throw S3Error(.malformedXML) }
        return element
    }
}
