import AHCTransport
import FoundationEssentials
public import Logging
package import S3Client
package import S3Protocol

extension GalleryConfiguration {
    /// The storage that these settings lead to.
    ///
    /// For a bucket, credentials are looked for now, so that URLs can be signed without waiting; nothing is sent to the
    /// bucket. Make one storage for a process: it keeps connections, and what it learned of clocks and regions.
    ///
    /// - Parameter logger: Told of retries, at the level `debug`; never of a secret.
    /// - Returns: A ``GalleryStorage`` or a ``FolderStorage``.
    /// - Throws: ``StorageError``: settings that cannot work, or no credentials.
    public func storage(
        logger: Logger = Logger(label: "gallery-client")
    ) async throws -> any MediaStorage {
        switch place {
        case .folder(let folder): return FolderStorage(folder)
        case .bucket(let bucket):
            let storage = try GalleryStorage(bucket, logger: logger)
            try await storage.resolveCredentials()
            return storage
        }
    }
}

extension GalleryStorage {
    /// Uses a bucket as it is configured, over sockets; no credentials are looked for yet.
    ///
    /// - Throws: ``StorageError`` for settings that cannot work.
    public init(
        _ configuration: BucketConfiguration,
        logger: Logger = Logger(label: "gallery-client")
    ) throws(StorageError) {
        do {
            let certificates = configuration.trustedCertificates
            let transport = try AHCTransport(AHCConfiguration(trustedCertificates: certificates))
            self = try GalleryStorage(configuration, transport: transport, logger: logger)
        } catch {
            throw StorageError(error)
        }
    }

    /// Uses a bucket as it is configured, over any transport.
    package init(
        _ configuration: BucketConfiguration,
        transport: any HTTPTransport,
        time: any TimeSource = SystemTime(),
        logger: Logger
    ) throws(S3ClientError) {
        var environment = configuration.environment ?? ProcessInfo.processInfo.environment
        if let profile = configuration.profile { environment["AWS_PROFILE"] = profile }
        let profile = try AWSProfile.load(environment: environment)
        let credentials: any CredentialProvider =
            if let given = configuration.credentials {
                StaticCredentials(
                    accessKey: given.accessKey,
                    secret: given.secret,
                    sessionToken: given.sessionToken
                )
            } else if let name = configuration.profile {
                CredentialChain.profile(name, environment: environment)
            } else {
                CredentialChain.standard(environment: environment, transport: transport)
            }
        func client(_ url: String?) throws(S3ClientError) -> S3Client {
            let endpoint = try S3Endpoint(
                region: configuration.region ?? profile.region ?? "",
                url: url,
                addressing: .init(configuration.addressing)
            )
            return S3Client(
                endpoint: endpoint,
                credentials: credentials,
                transport: transport,
                time: time,
                logger: logger
            )
        }
        self.init(
            configuration,
            client: try client(configuration.endpoint ?? profile.endpointURL),
            signer: try configuration.publicEndpoint.map(client),
            credentials: credentials,
            transport: transport,
            time: time
        )
    }

    /// Looks for the credentials that sign.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/accessDenied`` where there are none.
    public func resolveCredentials() async throws {
        try await StorageError.translating {
            try await client.resolveCredentials()
            try await signer.resolveCredentials()
        }
    }
}

extension S3Endpoint.Addressing {
    init(_ style: BucketConfiguration.AddressingStyle) {
        switch style {
        case .auto: self = .auto
        case .virtual: self = .virtual
        case .path: self = .path
        }
    }
}
