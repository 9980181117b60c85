/// An address that a daemon listens on.
public struct Endpoint: Sendable, Hashable {
    /// Whether it speaks https.
    public let isSecure: Bool
    /// The host, as it was asked for.
    public let host: String
    /// The port, as it turned out.
    public let port: Int

    /// Describes an address.
    public init(isSecure: Bool, host: String, port: Int) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
    }

    /// The address as a URL, such as `http://127.0.0.1:9000`.
    public var url: String { url(host: host) }

    /// The URL to give to clients on this machine.
    ///
    /// Under a name, buckets can be hosts: `http://photos.s3.localhost:9000`. Under an IP address they
    /// cannot, and SDKs put them into the path instead.
    ///
    /// - Parameters:
    ///   - domains: the bases that the daemon was told of.
    ///   - resolvesLocalhost: whether names under `localhost` lead anywhere here.
    /// - Returns: the URL, without a slash at its end.
    func clientURL(domains: [String], resolvesLocalhost: Bool) -> String {
        let host = Host(host)
        guard host.isLoopback || host.isWildcard else {
            return url(host: domains.first ?? host.name)
        }
        if resolvesLocalhost { return url(host: "s3.localhost") }
        if host.name == "::1" { return url(host: host.name) }
        return url(host: "127.0.0.1")
    }

    private func url(host: String) -> String {
        "\(isSecure ? "https" : "http")://\(Host(host).inURL):\(port)"
    }
}
