public import Digests
public import Logging
import NIOHTTP1
public import S3Protocol
import Signing

/// Speaks to S3: Amazon's, Pail, or another server that answers the same API.
///
/// Every method signs its request, sends checksums with what it uploads and checks what it downloads, tries
/// again where that can help, corrects the clock it signs with, and follows a bucket to its region. What is
/// wrong in the end is an ``S3ClientError`` that says what to do; a cancelled task ends with `CancellationError`.
///
/// It opens no socket itself: an ``HTTPTransport`` does. Copies share what was learned about clocks,
/// regions and credentials.
///
/// [Amazon S3 API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html)
public struct S3Client: Sendable {
    /// Where the service is.
    public let endpoint: S3Endpoint
    let credentials: CredentialCache
    let transport: any HTTPTransport
    let retry: RetryPolicy
    let checksum: UploadChecksum
    let time: any TimeSource
    let random: any RandomSource
    let logger: Logger
    let knowledge = Knowledge()

    /// Makes a client; nothing is sent, and no credentials are looked for, before it is used.
    ///
    /// - Parameters:
    ///   - endpoint: Where the service is.
    ///   - credentials: Who signs; `nil` sends requests unsigned, for what is public.
    ///   - transport: What carries the requests.
    ///   - retry: How often and when a request is tried again.
    ///   - checksum: What uploads are checked by.
    ///   - time: The clock that signs.
    ///   - random: Where the spread of the pauses comes from.
    ///   - logger: Told of retries, at the level `debug`; never of a secret.
    public init(
        endpoint: S3Endpoint,
        credentials: (any CredentialProvider)?,
        transport: any HTTPTransport,
        retry: RetryPolicy = RetryPolicy(),
        checksum: UploadChecksum = .crc64nvme,
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom(),
        logger: Logger = Logger(label: "s3-client")
    ) {
        self.endpoint = endpoint
        self.credentials = CredentialCache(credentials, time: time)
        self.transport = transport
        self.retry = retry
        self.checksum = checksum
        self.time = time
        self.random = random
        self.logger = logger
    }

    /// Looks for the credentials now, so that ``presign(_:bucket:key:query:headers:expires:at:)`` has them.
    ///
    /// - Throws: ``S3ClientError`` of the kind ``S3ClientError/Kind/credentials`` where there are none.
    public func resolveCredentials() async throws { _ = try await credentials.resolve() }

    /// Now, by the server's clock as far as it is known.
    var signingTime: Timestamp {
        Timestamp(milliseconds: time.now().milliseconds &+ knowledge.clockOffset)
    }
}

/// What uploads are checked by: both are checks of the whole object, also where it is uploaded in parts.
///
/// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
public enum UploadChecksum: Sendable, Hashable, CaseIterable {
    /// CRC-64/NVME, S3's own choice.
    case crc64nvme
    /// CRC-32, which older servers know too.
    case crc32

    /// Its name in S3's table.
    public var algorithm: ChecksumAlgorithm {
        switch self {
        case .crc64nvme: .crc64nvme
        case .crc32: .crc32
        }
    }
}
