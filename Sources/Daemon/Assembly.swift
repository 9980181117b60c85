import Glibc
import HTTPServer
import Instruments
import Logging
import NIOCore
import ObjectStore
import S3Protocol
import S3Service
import Signing

/// What a daemon is made of, before any of it can be reached.
struct Assembly: Sendable {
    let configuration: DaemonConfiguration
    let credentials: RootCredentials
    /// What is served: the daemon's own tenant, and those that are made while it runs.
    let tenants: Tenants
    /// What was refused lately.
    let refusals: RecentRefusals
    /// What is to be run once requests are accepted.
    let scripts: InitScripts
    let threads: DaemonThreads
    let logger: Logger
    let scrubCounter: ScrubCounter

    /// Opens the store and puts the service over it.
    static func make(
        _ configuration: DaemonConfiguration,
        _ log: LogOutput
    ) async throws(Refusal) -> Assembly {
        let threads = DaemonThreads.forDaemon(configuration)
        do { return try await make(configuration, log, on: threads) } catch {
            await threads.end()
            throw error
        }
    }

    private static func make(
        _ configuration: DaemonConfiguration,
        _ log: LogOutput,
        on threads: DaemonThreads
    ) async throws(Refusal) -> Assembly {
        let logger = LogBackend.logger("pail", log)
        let instruments = Instruments()
        var settings = StoreConfiguration(
            folder: configuration.storage.folder,
            durability: configuration.durability,
            rootAccountNumber: configuration.accountID,
            time: instruments.clock,
            logger: logger
        )
        settings.workers = threads.workers
        let store = try await OpenStore.open(settings)
        do {
            let credentials = try configuration.rootCredentials()
            warnOfWeakness(credentials, configuration, logger)
            let refusals = RecentRefusals()
            let scripts = try InitScripts(
                folder: configuration.initFolder ?? configuration.compatibility?.initFolder,
                isNamed: configuration.initFolder != nil
            )
            let scrubCounter = ScrubCounter()
            let blueprint = WorldBlueprint(
                configuration: configuration,
                log: log,
                refusals: refusals,
                metrics: Metrics(scrub: scrubCounter),
                scripts: scripts,
                group: threads.group,
                logger: logger
            )
            return Assembly(
                configuration: configuration,
                credentials: credentials,
                tenants: Tenants(
                    blueprint,
                    store: store,
                    credentials: credentials,
                    instruments: instruments
                ),
                refusals: refusals,
                scripts: scripts,
                threads: threads,
                logger: logger,
                scrubCounter: scrubCounter
            )
        } catch {
            await store.close()
            throw error
        }
    }

    /// Closes what was opened.
    func close() async {
        await tenants.close()
        await threads.end()
    }

    private static func warnOfWeakness(
        _ credentials: RootCredentials,
        _ configuration: DaemonConfiguration,
        _ logger: Logger
    ) {
        guard credentials.isWeak, !Host(configuration.host).isLoopback else { return }
        logger.warning(
            """
            THE SECRET KEY IS SHORT AND \(configuration.host) CAN BE REACHED BY OTHER MACHINES: \
            whoever guesses it may read and delete everything.
            """
        )
    }
}

extension Assembly {
    /// Makes the buckets that were asked for and are missing, and fills those that a folder has something for.
    func prepare() async throws(Refusal) {
        for name in configuration.buckets {
            do {
                try await configuration.makeBucket(name, in: tenants.standard.store)
            } catch {
                throw Refusal("The bucket \(name) cannot be made: \(error)")
            }
        }
        if let path = configuration.seedFolder {
            let report = try await tenants.standard.seed(
                try SeedFolder(path),
                .emptyBuckets,
                configuration
            )
            logger.info("Seeded", metadata: report.metadata)
        }
        do { try tenants.standard.keepAsSeed() } catch { throw Refusal(error) }
    }

    /// Begins to listen, on http first.
    func listen(_ listeners: inout [Listener]) async throws(Refusal) {
        let limits = connectionLimits()
        if let port = configuration.port {
            listeners.append(try await listen(port: port, tls: nil, limits))
        }
        if let tls = configuration.tls {
            listeners.append(try await listen(port: tls.port, tls: tls.files, limits))
        }
    }

    /// The limits of each listener, with no more connections than there are files for.
    private func connectionLimits() -> HTTPLimits {
        var limits = HTTPLimits()
        let wanted = limits.connections
        limits.connections = ProcessLimits.connections(
            upTo: wanted,
            listeners: (configuration.port == nil ? 0 : 1) + (configuration.tls == nil ? 0 : 1),
            openFiles: ProcessLimits.openFiles,
            isInMemory: tenants.standard.store.isInMemory
        )
        if limits.connections < wanted {
            logger.notice(
                "Fewer connections than usual: the process may open few files (ulimit -n)",
                metadata: ["connections": "\(limits.connections)"]
            )
        }
        return limits
    }

    /// Begins to take administrators' requests, where there is a folder to put the socket in.
    ///
    /// A disk without a name left for it is no reason not to serve what is there.
    func administer(_ endpoints: [Endpoint]) async throws(Refusal) -> AdminServer? {
        guard let folder = configuration.storage.folder else { return nil }
        let status = DaemonStatus(
            processID: getpid(),
            endpoints: endpoints,
            region: configuration.region,
            domains: configuration.domains,
            certificate: configuration.tls.map { FileText.absolute($0.files.certificateChain) },
            hasGivenCredentials: credentials.origin == .given
        )
        let administrator = Administrator(
            store: tenants.standard.store,
            rootAccessKey: credentials.accessKey,
            status: status,
            refusals: refusals,
            scrubCounter: scrubCounter
        )
        do {
            return try await AdminServer.start(inFolder: folder, on: threads.group) {
                request,
                progress in
                await administrator.answer(request, progress: progress)
            }
        } catch let error as NIOCore.IOError where error.errnoCode == ENOSPC {
            logger.error("The disk is full: no commands of `pail user` until the next start")
            return nil
        } catch {
            throw Refusal("The socket \(folder)/admin.sock cannot be made: \(error)")
        }
    }

    private func listen(
        port: Int,
        tls: TLSFiles?,
        _ limits: HTTPLimits
    ) async throws(Refusal) -> Listener {
        let host = configuration.host
        let tenants = tenants
        do {
            let server = try await HTTPServer.start(
                HTTPServerConfiguration(host: host, port: port, tls: tls, limits: limits),
                on: threads.group,
                logger: logger,
                refusal: { tenants.standard.world.service.refusal(S3Error($0)) },
                responder: { await tenants.respond(to: $0) }
            )
            let endpoint = Endpoint(isSecure: tls != nil, host: host, port: server.port)
            return Listener(server: server, endpoint: endpoint)
        } catch {
            throw Refusal(error)
        }
    }
}

extension DaemonConfiguration {
    /// The pair that was given, else the data folder's own, made now where it has none.
    fileprivate func rootCredentials() throws(Refusal) -> RootCredentials {
        if let credentials { return credentials }
        if let folder = storage.folder {
            let kept = try CredentialsFile(folder: folder).readOrCreate()
            try check(kept)
            return kept
        }
        var random = SystemRandomNumberGenerator()
        return RootCredentials.generate(origin: .process, using: &random)
    }
}

extension DaemonConfiguration {
    /// Makes a bucket of the root account where it has none of that name.
    ///
    /// - Throws: What making it throws.
    func makeBucket(_ name: String, in store: Store) async throws {
        guard BucketName.isValid(name) else { throw S3Error(.invalidBucketName) }
        do {
            _ = try await store.createBucket(
                name,
                owner: store.directory.rootAccount.id,
                region: region,
                settings: bucketDefaults.settings
            )
        } catch let error as S3Error where error.code == .bucketAlreadyOwnedByYou {
            return
        }
    }
}

extension DaemonConfiguration.Storage {
    /// The data folder, if there is one.
    var folder: String? {
        guard case .folder(let folder) = self else { return nil }
        return folder
    }
}
