import S3Protocol

/// The hosts that lead to tenants: `NAME.tenant.localhost`, and `NAME.tenant.` before each domain of the daemon's own.
///
/// What has no access key gets to a tenant by its host alone: requests without a signature, forms, websites, preflights.
struct TenantHosts: Sendable {
    /// What stands after a tenant's name, each with its dot.
    private let endings: [String]

    init(domains: [String]) {
        endings = (["localhost"] + domains).map { ".tenant.\($0.lowercased())" }
    }

    /// The bases for virtual-host addressing that are a tenant's own.
    func bases(of name: String) -> [String] { endings.map { name + $0 } }

    /// The tenant that a `Host` header names, also below buckets; `nil` where it names none.
    func name(in host: String) -> String? {
        // Nearly every host ends here, and should do so at once.
        guard host.utf8.contains(UInt8(ascii: "t")), host.utf8.count > 7 else { return nil }
        let host = Self.withoutPort(host[...]).lowercased()
        for ending in endings where host.hasSuffix(ending) {
            let front = host.dropLast(ending.utf8.count)
            return front.split(separator: ".", omittingEmptySubsequences: false).last
                .map(String.init)
        }
        return nil
    }

    private static func withoutPort(_ host: Substring) -> Substring {
        guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return host }
        return host[..<colon]
    }

    /// Whether a text can be a tenant's name: a label of a host.
    static func isName(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.last != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
