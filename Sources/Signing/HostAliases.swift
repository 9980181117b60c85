/// Hosts that are one and the same for signatures.
///
/// A URL that was signed for `s3:9000` inside a container is opened as `localhost:9000` outside. Where both names
/// are declared here, a signature made for either verifies on both, with and without the port, and so for
/// `bucket.s3:9000` and `bucket.localhost:9000`. Other hosts are never equivalent.
public struct HostAliases: Sendable, Hashable {
    private let hosts: [Host]

    /// Declares hosts, with or without a port.
    public init(_ hosts: [String] = []) {
        self.hosts = hosts.map { Host($0) }
    }

    /// The other hosts that a signature may have been made for, when a request arrives under a declared one.
    func equivalents(of received: String) -> [String] {
        let received = Host(received)
        guard let prefix = hosts.compactMap({ received.prefix(before: $0) }).min(by: isShorter)
        else { return [] }
        var found: [String] = []
        for host in hosts {
            for port in [host.port, received.port, nil] {
                let candidate = Host(name: prefix + host.name, port: port).text
                if candidate != received.text, !found.contains(candidate) {
                    found.append(candidate)
                }
            }
        }
        return found
    }

    private func isShorter(_ left: String, _ right: String) -> Bool {
        left.utf8.count < right.utf8.count
    }
}

/// A `Host` header's two parts.
struct Host: Sendable, Hashable {
    /// The name in lower case, or an address.
    let name: String
    /// The port, if it is told.
    let port: String?

    init(name: String, port: String?) {
        self.name = name
        self.port = port
    }

    init(_ text: String) {
        let text = text.lowercased()
        // A colon inside brackets belongs to an IPv6 address.
        let colon = text.utf8.lastIndex(of: UInt8(ascii: ":"))
        let bracket = text.utf8.lastIndex(of: UInt8(ascii: "]"))
        if let colon, colon > bracket ?? text.startIndex {
            name = String(text[..<colon])
            port = String(text[colon...].dropFirst())
        } else {
            name = text
            port = nil
        }
    }

    /// The parts as one header value.
    var text: String { port.map { "\(name):\($0)" } ?? name }

    /// What stands before `base` in this name: nothing, or a bucket and a dot; `nil` for another host.
    func prefix(before base: Host) -> String? {
        if name == base.name { return "" }
        guard !base.name.isEmpty, name.hasSuffix(".\(base.name)") else { return nil }
        return String(name.dropLast(base.name.count))
    }
}
