import Signing

/// What a daemon prints when it accepts requests: where it is, and the lines to paste.
public struct Banner {
    /// The whole text, whose first line is a promise that scripts wait for.
    public let text: String

    /// Writes the banner of a running daemon.
    ///
    /// `program` is the path that `pail` was started by, for the lines that start it again.
    public init(_ daemon: Daemon, program: String) {
        self.init(
            daemon.configuration,
            // A path from the root works in another terminal too; a bare name is found by it.
            program: program.contains("/") ? FileText.absolute(program) : program,
            endpoints: daemon.endpoints,
            credentials: daemon.credentials,
            resolvesLocalhost: LocalNames.resolve
        )
    }

    init(
        _ configuration: DaemonConfiguration,
        program: String,
        endpoints: [Endpoint],
        credentials: RootCredentials,
        resolvesLocalhost: Bool
    ) {
        let url =
            endpoints.first?.clientURL(
                domains: configuration.domains,
                resolvesLocalhost: resolvesLocalhost
            ) ?? ""
        var sections = [
            endpoints.map { "pail: listening on \($0.url)" }.joined(separator: "\n"),
            Self.facts(configuration, credentials),
            Self.shell(configuration, credentials, url, program),
            Self.clients(configuration, url),
        ]
        if !resolvesLocalhost { sections.append(LocalNames.advice) }
        text = sections.joined(separator: "\n\n") + "\n"
    }

    private static func facts(
        _ configuration: DaemonConfiguration,
        _ credentials: RootCredentials
    ) -> String {
        let data =
            switch configuration.storage {
            case .folder(let folder): FileText.absolute(folder)
            case .memory: "in memory, gone at exit"
            }
        let key =
            switch credentials.origin {
            case .given: "\(credentials.accessKey), given by \(configuration.accessKeyName)"
            case .dataFolder: "\(credentials.accessKey), made by Pail"
            case .process: "\(credentials.accessKey), made by Pail and gone at exit"
            }
        return """
            Data    \(data)
            Region  \(configuration.region)
            Key     \(key)
            """
    }

    /// The variables that the AWS CLI and every SDK read.
    ///
    /// The secret is named only where nothing but this process knows it.
    private static func shell(
        _ configuration: DaemonConfiguration,
        _ credentials: RootCredentials,
        _ url: String,
        _ program: String
    ) -> String {
        let setUp =
            switch (credentials.origin, configuration.storage) {
            case (.dataFolder, .folder(let folder)):
                "eval \"$(\(Shell.quote(program)) env --data \(Shell.quote(FileText.absolute(folder))))\""
            case (.process, _):
                """
                export AWS_ACCESS_KEY_ID=\(credentials.accessKey)
                    export AWS_SECRET_ACCESS_KEY=\(credentials.secret.revealed())
                    export AWS_ENDPOINT_URL_S3=\(url) AWS_DEFAULT_REGION=\(configuration.region)
                """
            case (_, _):
                "export AWS_ENDPOINT_URL_S3=\(url) AWS_DEFAULT_REGION=\(configuration.region)"
            }
        return """
            AWS CLI and SDKs, in another terminal:
                \(setUp)
                aws s3 mb s3://photos
            """
    }

    private static func clients(_ configuration: DaemonConfiguration, _ url: String) -> String {
        """
        boto3, with those variables or without:
            boto3.client("s3", endpoint_url="\(url)", region_name="\(configuration.region)")

        Django with django-storages, in settings.py:
            AWS_S3_ENDPOINT_URL = "\(url)"
            AWS_S3_REGION_NAME = "\(configuration.region)"
            AWS_S3_ADDRESSING_STYLE = "virtual"
        """
    }
}
