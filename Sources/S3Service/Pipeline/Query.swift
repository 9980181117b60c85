import S3Protocol

/// The parameters of a query, decoded.
struct Query: Sendable {
    private(set) var parameters: [(name: String, value: String)] = []

    var isEmpty: Bool { parameters.isEmpty }
    var names: [String] { parameters.map(\.name) }

    /// Reads the text after a target's `?`.
    ///
    /// - Throws: ``S3Error`` with `InvalidURI` where it cannot be decoded.
    init(_ text: Substring) throws(S3Error) {
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = Substring(pair[..<(equals ?? pair.endIndex)])
            let value = equals.map { Substring(pair[pair.index(after: $0)...]) } ?? ""
            guard let name = PercentCoding.decode(name, plusIsSpace: true),
                let value = PercentCoding.decode(value, plusIsSpace: true)
            else { throw S3Error(.invalidURI) }
            parameters.append((name, value))
        }
    }

    /// The first value of a parameter; a name without `=` has the value "".
    subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// A value that counts as absent where it is empty.
    func nonEmpty(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}
