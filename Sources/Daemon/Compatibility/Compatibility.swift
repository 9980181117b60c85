/// Another server whose variables, paths and habits a daemon takes on, so that what starts that one starts this one.
///
/// Nothing about signatures, rights or S3 changes: what was refused is refused.
public enum Compatibility: String, CaseIterable, Sendable {
    /// [MinIO](https://min.io/docs/minio/linux/reference/minio-server/minio-server.html).
    case minio
    /// [LocalStack](https://docs.localstack.cloud/references/configuration/).
    case localstack

    /// The port for http where none is named.
    var port: Int {
        switch self {
        case .minio: DaemonConfiguration.defaultPort
        case .localstack: 4566
        }
    }

    /// The names by which the other server's clients know it, which all lead to this machine.
    var domains: [String] {
        switch self {
        case .minio: []
        case .localstack: ["s3.localhost.localstack.cloud", "localhost.localstack.cloud"]
        }
    }

    /// Where scripts to run at start are looked for, if nobody says where.
    var initFolder: String? {
        switch self {
        case .minio: nil
        case .localstack: "/etc/localstack/init/ready.d"
        }
    }

    /// The line of standard output by which others know that everything is done.
    public var readyLine: String? {
        switch self {
        case .minio: nil
        case .localstack: "Ready."
        }
    }

    /// The other server's variables that mean something here.
    var variables: [String] {
        switch self {
        case .minio: MinIOVariables.names
        case .localstack: ["GATEWAY_LISTEN"]
        }
    }

    /// Variables with what the other server's say among them, under Pail's names.
    ///
    /// - Throws: ``Refusal`` where one of them cannot be what it is.
    func translate(_ variables: Environment) throws(Refusal) -> Environment {
        switch self {
        case .minio: try MinIOVariables.translate(variables)
        case .localstack: try Self.listening(variables)
        }
    }

    /// LocalStack's `GATEWAY_LISTEN`: `HOST:PORT`, of which the first of several is taken.
    private static func listening(_ variables: Environment) throws(Refusal) -> Environment {
        guard let gateway = variables["GATEWAY_LISTEN"],
            let first = gateway.split(separator: ",").first
        else { return variables }
        guard let address = ListenAddress(first) else {
            throw Refusal("GATEWAY_LISTEN must be HOST:PORT, not \"\(gateway)\".")
        }
        return variables.over(Environment(address.variables))
    }
}

/// `HOST:PORT` as others write where to listen; `:PORT` is every address.
public struct ListenAddress: Sendable, Hashable {
    /// The address or name, without brackets.
    public let host: String
    /// The port.
    public let port: String

    /// Takes a text apart.
    ///
    /// - Returns: `nil` for a text without a port that could be one.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let port = String(text[text.index(after: colon)...])
        guard Int(port).map({ (0...65_535).contains($0) }) == true else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.host = host.isEmpty ? "0.0.0.0" : String(host)
        self.port = port
    }

    /// The same under the names of Pail's own variables.
    var variables: [String: String] {
        [Setting.host.variable: host, Setting.port.variable: port]
    }
}
