import AsyncHTTPClient
import NIOCore
import NIOSSL
import S3Client

/// How sockets are opened and how long they are waited for.
public struct AHCConfiguration: Sendable {
    /// How long a connection, with TLS, may take to open: a server that is there answers within it.
    public static let defaultConnectTimeout: Duration = .seconds(10)
    /// How long a connection may be silent while something is expected of it: AWS's SDKs have 60 seconds.
    public static let defaultIdleTimeout: Duration = .seconds(60)
    /// Connections to one server at the same time: more than one upload uses.
    public static let defaultConnections = 16

    /// How long a connection, with TLS, may take to open.
    public var connectTimeout: Duration
    /// How long a connection may be silent while something is expected of it.
    public var idleTimeout: Duration
    /// Connections to one server at the same time.
    public var connections: Int
    /// A file of certificates (PEM) that are trusted beside the system's: a server's own authority.
    public var trustedCertificates: String?

    /// Chooses.
    public init(
        connectTimeout: Duration = defaultConnectTimeout,
        idleTimeout: Duration = defaultIdleTimeout,
        connections: Int = defaultConnections,
        trustedCertificates: String? = nil
    ) {
        self.connectTimeout = connectTimeout
        self.idleTimeout = idleTimeout
        self.connections = connections
        self.trustedCertificates = trustedCertificates
    }

    func resolved() throws(S3ClientError) -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let path = trustedCertificates {
            do {
                tls.additionalTrustRoots = [
                    .certificates(try NIOSSLCertificate.fromPEMFile(path))
                ]
            } catch {
                throw S3ClientError(
                    .configuration,
                    message: "\(path) holds no certificates: \(error).",
                    advice: "Give a file in the form PEM."
                )
            }
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(
                connect: connectTimeout.amount,
                read: idleTimeout.amount,
                write: idleTimeout.amount
            ),
            decompression: .disabled
        )
        // An upload of HTTP/2 gains nothing here, and S3 does not speak it.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // The client tries again by itself, with pauses that are its own.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }
}

extension Duration {
    /// The same, up to a day.
    fileprivate var amount: TimeAmount {
        let (seconds, attoseconds) = min(self, .seconds(86_400)).components
        return .nanoseconds(max(seconds, 0) * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
