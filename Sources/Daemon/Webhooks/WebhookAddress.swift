/// A webhook's URL, taken apart.
struct WebhookAddress: Sendable, Hashable {
    let isSecure: Bool
    /// A name or an address, without brackets.
    let host: String
    let port: Int
    /// The path and the query, which begin with a slash.
    let target: String

    /// What the `Host` field says.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.usualPort(isSecure) ? name : "\(name):\(port)"
    }

    /// Reads a URL; `nil` for one that is not `http` or `https`, or carries a user or a fragment.
    init?(_ url: String) {
        let schemes = [("http://", false), ("https://", true)]
        guard let (scheme, isSecure) = schemes.first(where: { url.hasPrefix($0.0) }),
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("#")
        else { return nil }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest[authority.endIndex...]
        guard let (host, port) = Self.split(authority) else { return nil }
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? Self.usualPort(isSecure)
        target = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    private static func usualPort(_ isSecure: Bool) -> Int { isSecure ? 443 : 80 }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        guard !authority.contains("@") else { return nil }
        let end: Substring.Index
        var host: Substring
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            end = authority.index(after: bracket)
            host = authority[authority.index(after: authority.startIndex)..<bracket]
        } else {
            end = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<end]
        }
        guard !host.isEmpty else { return nil }
        let rest = authority[end...]
        guard !rest.isEmpty else { return (String(host), nil) }
        guard rest.hasPrefix(":"), let port = Int(rest.dropFirst()), (1...65_535).contains(port)
        else { return nil }
        return (String(host), port)
    }
}
