import Instruments
import Logging
import ObjectStore
import S3Service

/// A store, the service over it, and what runs for them in the background: what a tenant is from one reset to the next.
///
/// A store in memory is gone with its last request; one on disk is closed.
final class World: Sendable {
    let store: Store
    /// What answers, with a test's instruments before it.
    let front: InstrumentedService
    private let lifecycles: LifecycleTask
    private let logDelivery: LogDeliveryTask
    private let webhooks: [WebhookTask]

    init(
        _ store: Store,
        _ front: InstrumentedService,
        _ configuration: DaemonConfiguration,
        webhooks deliveries: [WebhookDelivery],
        logger: Logger
    ) {
        self.store = store
        self.front = front
        let (service, clock) = (front.service, front.instruments.clock)
        lifecycles = LifecycleTask(
            service,
            day: configuration.lifecycleDay,
            clock: clock,
            logger: logger
        )
        logDelivery = LogDeliveryTask(service, everySeconds: configuration.logDeliverySeconds)
        webhooks = deliveries.map { WebhookTask($0, store.mailbox, time: clock) }
    }

    var service: S3Service { front.service }

    /// Does what became due because the clock was set.
    func clockChanged() async {
        store.mailbox.clockChanged()
        await lifecycles.run()
    }

    /// Lets nobody wait for a message any more: they would wait through a grace.
    func stopWaiting() { store.mailbox.stopWaiting() }

    /// Ends what runs in the background; requests under way end as they would have.
    func stop() async {
        stopWaiting()
        await lifecycles.stop()
        await logDelivery.stop()
        for webhook in webhooks { await webhook.stop() }
    }

    /// Closes the store of which nothing is asked any more.
    func close() async {
        await stop()
        // No request comes any more, so no record of one either.
        await service.deliverLogs()
        await store.close()
    }
}
