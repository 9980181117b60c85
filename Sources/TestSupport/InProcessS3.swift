import Digests
public import Logging
public import ObjectStore
public import S3Client
public import S3Protocol
public import S3Service
public import Signing

/// Pail's service over an empty store in memory, spoken to without a socket.
public struct InProcessS3: Sendable {
    /// The root account's key.
    public static let root = Credential(
        accessKey: "AKIAROOT",
        secret: Secret("root-secret-of-the-tests")
    )
    /// A logger that says nothing.
    public static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What is stored.
    public let store: Store
    /// What answers.
    public let service: S3Service
    /// The clock of service and clients.
    public let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    /// Makes an empty store with buckets, and a service for it.
    public init(
        buckets: [String] = ["photos"],
        configuration: ServiceConfiguration = ServiceConfiguration()
    ) async throws {
        store = try Store.open(
            StoreConfiguration(
                folder: nil,
                time: time,
                random: SeededRandom(seed: 1),
                logger: Self.silence
            )
        )
        service = S3Service(
            configuration: configuration,
            store: store,
            root: Self.root,
            time: time,
            random: SeededRandom(seed: 2),
            logger: Self.silence
        )
        for bucket in buckets {
            _ = try await store.createBucket(
                bucket,
                owner: store.directory.rootAccount.id,
                region: configuration.region
            )
        }
    }

    /// What carries requests to the service.
    public var transport: ServiceTransport { ServiceTransport(service, time: time) }

    /// A client of the service that does not wait.
    ///
    /// - Parameters:
    ///   - transport: What carries its requests; `nil` for the service alone.
    ///   - credentials: Who signs; `nil` for the root account.
    ///   - endpoint: Where it believes the service is; `nil` for an address.
    ///   - checksum: What its uploads are checked by.
    ///   - pauses: Told each pause between attempts.
    /// - Returns: The client.
    /// - Throws: What an endpoint throws that is none.
    public func client(
        over transport: (any HTTPTransport)? = nil,
        as credentials: (any CredentialProvider)? = nil,
        at endpoint: S3Endpoint? = nil,
        checksum: UploadChecksum = .crc64nvme,
        pauses: @escaping @Sendable (Duration) -> Void = { _ in }
    ) throws -> S3Client {
        S3Client(
            endpoint: try endpoint ?? S3Endpoint(url: "http://127.0.0.1:9000"),
            credentials: credentials ?? StaticCredentials(Self.root),
            transport: transport ?? self.transport,
            retry: RetryPolicy(wait: { pauses($0) }),
            checksum: checksum,
            time: time,
            random: SeededRandom(seed: 3),
            logger: Self.silence
        )
    }
}
