/// A host that a daemon listens on, as a person names it.
struct Host: Hashable {
    let name: String

    init(_ name: String) { self.name = name.lowercased() }

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        name == "localhost" || name.hasSuffix(".localhost") || name == "::1" || isIPv4Loopback
    }

    private var isIPv4Loopback: Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether it is every address of the machine and so none that could be asked for.
    var isWildcard: Bool { name == "0.0.0.0" || name == "::" }

    /// The host as a URL has it: IPv6 in brackets.
    var inURL: String { name.contains(":") ? "[\(name)]" : name }
}
