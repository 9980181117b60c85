import AHCTransport
@testable import Daemon
import HTTPServer
import S3Client
import TestSupport

/// A daemon in this process, in memory, on free ports for http and https.
struct RunningDaemon {
    static let credentials = RootCredentials(
        accessKey: "AKIATRANSPORT",
        secret: "the secret of the transport's tests"
    )

    let daemon: Daemon

    /// Starts one, does something with it, and shuts it down whatever came of that.
    static func with<Result>(
        _ act: (RunningDaemon) async throws -> Result
    ) async throws -> Result {
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.tls = .init(files: TestCertificate.files, port: 0)
        configuration.storage = .memory
        configuration.credentials = credentials
        let daemon = try await Daemon.start(
            configuration,
            log: LogOutput(.text) { _ in }
        )
        do {
            let result = try await act(RunningDaemon(daemon: daemon))
            await daemon.shutDown()
            return result
        } catch {
            await daemon.shutDown()
            throw error
        }
    }

    func endpoint(isSecure: Bool) throws -> S3Endpoint {
        let port = daemon.endpoints.first { $0.isSecure == isSecure }?.port ?? 0
        return try S3Endpoint(url: "\(isSecure ? "https" : "http")://127.0.0.1:\(port)")
    }

    /// A client over sockets, and its transport shut down after it was used.
    func withClient<Result>(
        isSecure: Bool,
        _ configuration: AHCConfiguration = .trusting,
        retry: RetryPolicy = RetryPolicy(),
        _ act: (S3Client) async throws -> Result
    ) async throws -> Result {
        let transport = try AHCTransport(configuration)
        let client = S3Client(
            endpoint: try endpoint(isSecure: isSecure),
            credentials: StaticCredentials(Self.credentials.credential),
            transport: transport,
            retry: retry,
            logger: InProcessS3.silence
        )
        do {
            let result = try await act(client)
            try await transport.shutDown()
            return result
        } catch {
            try await transport.shutDown()
            throw error
        }
    }
}

extension AHCConfiguration {
    /// Trusts the daemon's certificate.
    static var trusting: AHCConfiguration {
        AHCConfiguration(trustedCertificates: TestCertificate.files.certificateChain)
    }
}
