import Instruments
import Logging
import NIOPosix
import ObjectStore
import S3Protocol
import S3Service
import Signing

/// How the worlds of one daemon are made.
struct WorldBlueprint: Sendable {
    let configuration: DaemonConfiguration
    let log: LogOutput
    let refusals: RecentRefusals
    /// What is counted of all tenants together.
    let metrics: Metrics
    /// What is run at the start, which some paths tell of.
    let scripts: InitScripts
    let group: MultiThreadedEventLoopGroup
    let logger: Logger

    /// The store of a tenant in memory.
    ///
    /// - Parameters:
    ///   - image: What it holds from the start; `nil` for nothing.
    ///   - canonicalID: That of the root account, where it is another's successor.
    ///   - workers: The threads that all of them share.
    ///   - time: Its clock.
    /// - Returns: The store.
    /// - Throws: What opening it throws.
    func store(
        from image: StoreImage?,
        canonicalID: String?,
        workers: WorkerPool?,
        time: any TimeSource
    ) throws -> Store {
        var store = StoreConfiguration(
            folder: nil,
            rootAccountNumber: configuration.accountID,
            time: time,
            logger: logger
        )
        store.rootCanonicalID = canonicalID
        store.workers = workers
        return try image.map { try Store.open(store, from: $0) } ?? Store.open(store)
    }

    /// Puts a service over a store, and begins what runs in the background.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - root: The root key of whoever it is for.
    ///   - hosts: Whose it is, by the hosts that lead to it.
    ///   - tenant: Its name.
    ///   - instruments: What a test plays on; the store's clock is theirs.
    ///   - administration: What answers the root key below `/_pail/`.
    /// - Returns: The world.
    func world(
        over store: Store,
        root: Credential,
        hosts: TenantHosts,
        tenant: String,
        instruments: Instruments,
        administration: @escaping AdministrationAnswer
    ) -> World {
        let service = S3Service(
            configuration: ServiceConfiguration(
                region: configuration.region,
                domains: configuration.domains + (configuration.compatibility?.domains ?? [])
                    + hosts.bases(of: tenant),
                aliases: configuration.aliases,
                isStrict: configuration.isStrict,
                sigV4Only: configuration.sigV4Only,
                bucketDefaults: configuration.bucketDefaults,
                webhooks: Set(configuration.webhooks.map(\.name)),
                openPaths: configuration.compatibility?.openPaths(scripts) ?? [:],
                rootPaths: tenant == Tenant.standardName ? pages(store) : [:]
            ),
            store: store,
            root: root,
            time: instruments.clock,
            logger: logger,
            administration: administration
        ) { [log, refusals, metrics] entry in
            metrics.add(entry)
            log.line(entry, tenant: tenant == Tenant.standardName ? nil : tenant)
            refusals.add(entry)
        }
        return World(
            store,
            InstrumentedService(service, instruments),
            configuration,
            webhooks: webhookDeliveries(store.mailbox, time: instruments.clock),
            logger: logger
        )
    }

    /// What the daemon's own root key may read.
    private func pages(_ store: Store) -> [String: OpenPath] {
        [
            "metrics": OpenPath(type: "text/plain; version=0.0.4; charset=utf-8") { [metrics] in
                metrics.text(isWritable: store.readOnlyReason == nil)
            }
        ]
    }

    /// What sends events to each of the webhooks that are allowed.
    private func webhookDeliveries(
        _ mailbox: Mailbox,
        time: any TimeSource
    ) -> [WebhookDelivery] {
        guard let secret = configuration.webhookSecret else { return [] }
        let client = WebhookClient(group: group)
        return configuration.webhooks.map { webhook in
            WebhookDelivery(
                webhook,
                mailbox: mailbox,
                secret: secret,
                time: time,
                logger: logger
            ) { try await client.send($0) }
        }
    }
}
