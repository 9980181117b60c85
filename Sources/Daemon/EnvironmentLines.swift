import HTTPServer
import Signing

/// The lines that set a shell up to use a daemon, to be given to `eval`.
public struct EnvironmentLines {
    /// The lines, in order.
    public let lines: [String]

    /// Writes the lines for the daemon of a data folder: the one that runs, else the one that would.
    ///
    /// The secret is printed only where Pail made it: a pair from the environment is there already.
    ///
    /// - Throws: ``Refusal`` where nobody has a key pair yet.
    public static func make(_ settings: Settings) async throws(Refusal) -> EnvironmentLines {
        let configuration = try DaemonConfiguration(settings)
        guard let folder = configuration.storage.folder else {
            throw Refusal(
                "A daemon in memory leaves no file to read; see what it printed at start."
            )
        }
        let status = try await Administration(folder: folder).status()
        return try EnvironmentLines(
            status ?? configuration.expectedStatus,
            given: configuration.credentials != nil,
            stored: try CredentialsFile(folder: folder).read(),
            folder: folder,
            resolvesLocalhost: LocalNames.resolve
        )
    }

    init(
        _ status: DaemonStatus,
        given: Bool,
        stored: RootCredentials?,
        folder: String,
        resolvesLocalhost: Bool
    ) throws(Refusal) {
        lines =
            try Self.credentials(status, given: given, stored: stored, folder: folder)
            + Self.endpoint(status, resolvesLocalhost: resolvesLocalhost)
    }

    private static func credentials(
        _ status: DaemonStatus,
        given: Bool,
        stored: RootCredentials?,
        folder: String
    ) throws(Refusal) -> [String] {
        if given {
            return ["# AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set here already."]
        }
        if status.hasGivenCredentials {
            return [
                "# The daemon was started with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY set:",
                "# set the same two here.",
            ]
        }
        guard let stored else {
            throw Refusal(
                "\(folder) has no key pair yet: `pail serve` makes one at its first start."
            )
        }
        return [
            export("AWS_ACCESS_KEY_ID", stored.accessKey),
            export("AWS_SECRET_ACCESS_KEY", stored.secret.revealed()),
        ]
    }

    private static func endpoint(_ status: DaemonStatus, resolvesLocalhost: Bool) -> [String] {
        guard let endpoint = status.endpoints.first else { return [] }
        let url = endpoint.clientURL(
            domains: status.domains,
            resolvesLocalhost: resolvesLocalhost
        )
        var lines = [
            export("AWS_ENDPOINT_URL_S3", url),
            export("AWS_REGION", status.region),
            export("AWS_DEFAULT_REGION", status.region),
        ]
        if endpoint.isSecure, let certificate = status.certificate {
            lines.append(export("AWS_CA_BUNDLE", certificate))
        }
        return lines
    }

    private static func export(_ name: String, _ value: String) -> String {
        "export \(name)=\(Shell.quote(value))"
    }
}

extension DaemonConfiguration {
    /// What the daemon would say of itself if it ran with these settings.
    fileprivate var expectedStatus: DaemonStatus {
        DaemonStatus(
            processID: 0,
            endpoints: [
                port.map { Endpoint(isSecure: false, host: host, port: $0) },
                tls.map { Endpoint(isSecure: true, host: host, port: $0.port) },
            ].compactMap(\.self),
            region: region,
            domains: domains,
            certificate: tls.map { FileText.absolute($0.files.certificateChain) },
            hasGivenCredentials: false
        )
    }
}
