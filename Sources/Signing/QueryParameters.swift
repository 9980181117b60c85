/// The names and values of a query in the order they came, the values decoded when asked for.
struct QueryParameters {
    private let pairs: [(name: String, value: Substring?)]

    init(_ query: Substring?) {
        guard let query, !query.isEmpty else {
            pairs = []
            return
        }
        pairs = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else {
                return (Recoding.decode(pair), nil)
            }
            return (Recoding.decode(pair[..<equals]), Substring(pair[equals...].dropFirst()))
        }
    }

    /// The first value under a name, empty where it has none; names count with their case.
    subscript(_ name: String) -> String? {
        pairs.first { $0.name == name }.map { Recoding.decode(($0.value ?? "").utf8) }
    }

    /// Whether any of the names is there.
    func contains(_ names: String...) -> Bool {
        pairs.contains { names.contains($0.name) }
    }

    /// Every name, and its value where it has an equals sign; `+` in a value stays or becomes a space.
    func decoded(plusIsSpace: Bool) -> [(name: String, value: String?)] {
        pairs.map { name, value in
            (name, value.map { Recoding.decode($0.utf8, plusIsSpace: plusIsSpace) })
        }
    }
}
