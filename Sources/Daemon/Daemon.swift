import Digests
import Glibc
import HTTPServer
public import Instruments
public import Logging
import NIOCore
public import ObjectStore
import S3Protocol
import S3Service
import Signing

/// A running Pail: a store, the S3 service over it, and the sockets that lead to it.
public final class Daemon: Sendable {
    /// How it was set up.
    public let configuration: DaemonConfiguration
    /// Where it listens: http before https.
    public let endpoints: [Endpoint]
    /// The root account's key pair.
    public let credentials: RootCredentials
    /// What it serves: its own tenant's store, which another takes the place of where that is in memory and is reset.
    public var store: Store { tenants.standard.store }
    /// What a test plays on in its own tenant.
    public var instruments: Instruments { tenants.standard.instruments }
    /// Its own tenant, and those that were made in it.
    package let tenants: Tenants
    /// Where it says what happens.
    public let logger: Logger

    private let threads: DaemonThreads
    private let listeners: [Listener]
    private let admin: AdminServer?
    private let scripts: InitScripts
    private let keyUses: KeyUseTask?
    private let scrubbing: ScrubTask?
    private let selfChecks: SelfCheckTask?

    private init(_ assembly: Assembly, _ listeners: [Listener], _ admin: AdminServer?) {
        configuration = assembly.configuration
        credentials = assembly.credentials
        tenants = assembly.tenants
        logger = assembly.logger
        threads = assembly.threads
        endpoints = listeners.map(\.endpoint)
        self.listeners = listeners
        self.admin = admin
        scripts = assembly.scripts
        // In memory there is no disk to doubt, and no store that would stay.
        let store = assembly.configuration.storage != .memory ? tenants.standard.store : nil
        scrubbing = store.map {
            ScrubTask(
                $0,
                rate: assembly.configuration.scrubRate,
                counter: assembly.scrubCounter,
                logger: assembly.logger
            )
        }
        selfChecks = store.map { SelfCheckTask($0) }
        keyUses = store.map { KeyUseTask($0.directory) }
    }

    /// Opens the store and begins to serve it; requests are accepted when this returns.
    ///
    /// - Parameters:
    ///   - configuration: what to serve, and where.
    ///   - log: where the log goes.
    /// - Returns: the daemon, until it is shut down.
    /// - Throws: ``Refusal`` that says what to do; nothing stays open then.
    public static func start(
        _ configuration: DaemonConfiguration,
        log: LogOutput
    ) async throws(Refusal) -> Daemon {
        try configuration.validate()
        // The first digest of a process takes libcrypto 2 ms: it is made while the store is opened, and no request waits for it.
        Task.detached { _ = HashFunction.hash(.sha256, []) }
        let assembly = try await Assembly.make(configuration, log)
        var listeners: [Listener] = []
        do {
            try await assembly.prepare()
            try await assembly.listen(&listeners)
            let admin = try await assembly.administer(listeners.map(\.endpoint))
            assembly.tenants.standard.store.holdReserve()
            for listener in listeners {
                assembly.logger.info(
                    "Pail \(pailVersion) listens",
                    metadata: ["url": "\(listener.endpoint.url)"]
                )
            }
            return Daemon(assembly, listeners, admin)
        } catch {
            for listener in listeners { await listener.server.shutDown(within: .zero) }
            await assembly.close()
            throw error
        }
    }

    /// Runs the scripts of the init folder, which find this daemon by the variables of AWS's clients.
    func runInitScripts() async {
        let url = endpoints.first?.clientURL(
            domains: configuration.domains,
            resolvesLocalhost: LocalNames.resolve
        )
        guard let url else { return }
        await scripts.run(
            [
                "AWS_ENDPOINT_URL": url,
                "AWS_ACCESS_KEY_ID": credentials.accessKey,
                "AWS_SECRET_ACCESS_KEY": credentials.secret.revealed(),
                "AWS_DEFAULT_REGION": configuration.region,
                "AWS_REGION": configuration.region,
            ],
            logger
        )
    }

    /// Stops: no request is accepted from now on, and those under way have `grace` to end.
    public func shutDown(within grace: Duration = .seconds(8)) async {
        // Whoever waits for a message would wait through the grace.
        tenants.stopWaiting()
        await withDiscardingTaskGroup { tasks in
            for listener in listeners {
                tasks.addTask { await listener.server.shutDown(within: grace) }
            }
            if let admin { tasks.addTask { await admin.shutDown() } }
            tasks.addTask { await self.tenants.stop() }
            if let scrubbing { tasks.addTask { await scrubbing.stop() } }
            if let selfChecks { tasks.addTask { await selfChecks.stop() } }
            if let keyUses { tasks.addTask { await keyUses.stop() } }
        }
        await tenants.close()
        await threads.end()
    }
}

/// An address that is listened on.
struct Listener: Sendable {
    let server: HTTPServer
    let endpoint: Endpoint
}
