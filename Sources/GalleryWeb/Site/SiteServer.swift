import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// Serves a site until the process is told to stop.
public struct SiteServer: Sendable {
    private let site: Site
    private let host: String
    private let port: Int
    private let logger: Logger

    /// How long a connection may be silent, in seconds.
    static let idleSeconds: Int64 = 60
    /// The most connections at once; the next ones wait.
    static let maximumConnections = 1_000
    /// How long requests may go on after the process is told to stop, in seconds.
    static let drainSeconds = 10

    /// Describes a server; port 0 is any that is free.
    public init(_ site: Site, host: String, port: Int, logger: Logger) {
        self.site = site
        self.host = host
        self.port = port
        self.logger = logger
    }

    /// Serves until SIGTERM or SIGINT; `announce` is told the URL as soon as requests are accepted.
    ///
    /// - Throws: ``SiteError`` where the address cannot be had.
    public func run(announce: @escaping @Sendable (_ url: String) -> Void) async throws {
        let host = host
        var configuration = ApplicationConfiguration(address: .hostname(host, port: port))
        configuration.availableConnectionsDelegate = MaximumAvailableConnections(
            Self.maximumConnections
        )
        let keeper = VariantKeeper(
            posts: site.posts,
            storage: site.storage,
            workshop: site.pictures.workshop,
            logger: logger
        )
        let application = Application(
            router: site.router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(Self.idleSeconds))),
            configuration: configuration,
            onServerRunning: { channel in
                let shown = host.contains(":") ? "[\(host)]" : host
                announce("http://\(shown):\(channel.localAddress?.port ?? 0)")
            },
            logger: logger
        )
        var services = ServiceGroupConfiguration(
            services: [application, keeper],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        services.maximumGracefulShutdownDuration = .seconds(Self.drainSeconds)
        do {
            try await ServiceGroup(configuration: services).run()
        } catch let error as IOError {
            throw SiteError(
                "The gallery cannot listen at \(host), port \(port): \(Self.reason(error)). "
                    + "--host and --port name another address."
            )
        }
    }

    private static func reason(_ error: IOError) -> String {
        unsafe String(cString: strerror(error.errnoCode))
    }
}
