import Digests
import Logging
import NIOCore
import ObjectStore
import S3Protocol
import Synchronization

/// Puts the records that wait into the buckets where they belong, an object for each source.
///
/// What it writes is in no log itself: a bucket that is its own target would fill for ever.
final class LogDelivery: Sendable {
    let buffer = LogBuffer()

    private let store: Store
    private let access: AccessCache
    private let announcer: Announcer
    private let ids: RequestIDs.Source
    private let time: any TimeSource
    private let logger: Logger
    private let deliveries = Mutex(Deliveries())

    /// At most one that is under way, and one behind it that takes what waits by then.
    private struct Deliveries {
        var current: Task<Void, Never>?
        var next: Task<Void, Never>?
    }

    init(
        _ store: Store,
        access: AccessCache,
        announcer: Announcer,
        ids: RequestIDs.Source,
        time: any TimeSource,
        logger: Logger
    ) {
        self.store = store
        self.access = access
        self.announcer = announcer
        self.ids = ids
        self.time = time
        self.logger = logger
    }

    /// Takes a record, and begins a delivery at once where much waits.
    func add(_ record: ServerLogRecord, about subject: LogSubject) {
        if buffer.add(record.line, about: subject) { begin() }
    }

    /// Delivers everything that waits; deliveries that were begun before are done when this returns.
    func deliver() async { await begin().value }

    /// The delivery that takes all that waits now: one that has not begun, or else a new one.
    ///
    /// They run one after the other, so that the last of them leaves none behind.
    @discardableResult
    private func begin() -> Task<Void, Never> {
        deliveries.withLock { deliveries in
            if let next = deliveries.next { return next }
            guard let current = deliveries.current else {
                let task = Task {
                    await self.deliverAll()
                    self.deliveries.withLock { $0.current = nil }
                }
                deliveries.current = task
                return task
            }
            let task = Task {
                await current.value
                self.deliveries.withLock { deliveries in
                    deliveries.current = deliveries.next
                    deliveries.next = nil
                }
                await self.deliverAll()
                self.deliveries.withLock { $0.current = nil }
            }
            deliveries.next = task
            return task
        }
    }

    private func deliverAll() async {
        for (subject, lines) in buffer.takeAll() { await deliverOrPutBack(lines, about: subject) }
        let dropped = buffer.takeDropped()
        guard dropped > 0 else { return }
        logger.error(
            "Access logs were dropped: too many waited",
            metadata: ["records": "\(dropped)"]
        )
    }

    private func deliverOrPutBack(_ lines: [UInt8], about subject: LogSubject) async {
        let metadata: Logger.Metadata = [
            "bucket": "\(subject.source)", "records": "\(LogBuffer.count(lines))",
        ]
        do {
            try await deliver(lines, about: subject)
        } catch let error as S3Error where error.code != .serviceUnavailable {
            logger.warning(
                "An access log cannot be delivered: \(error.logged ?? error.message)",
                metadata: metadata
            )
        } catch {
            // The disk may have room again later.
            buffer.putBack(lines, about: subject)
            logger.error("An access log was not delivered: \(error)", metadata: metadata)
        }
    }

    /// Puts one log object.
    ///
    /// - Throws: ``S3Error`` where the target is gone or does not take it, and what writing throws.
    private func deliver(_ lines: [UInt8], about subject: LogSubject) async throws {
        let now = time.now()
        let target = try store.bucket(subject.configuration.targetBucket)
        let settings = try access.settings(of: target, store)
        let account = store.directory.account(subject.sourceOwner)?.number ?? ""
        let key = LogKey.make(subject, account: account, at: now, random: store.random)
        guard target.ownerID == subject.sourceOwner,
            try LogDeliveryAccess(
                target: target,
                settings: settings,
                sourceAccount: account,
                source: subject.source
            ).allows(key: key, at: now)
        else {
            throw Self.refused("\(target.name) does not let \(LogDeliveryAccess.service) write")
        }
        try await put(lines, key, about: subject, into: target, settings)
    }

    private func put(
        _ lines: [UInt8],
        _ key: String,
        about subject: LogSubject,
        into target: Bucket,
        _ settings: BucketAccess
    ) async throws {
        guard try LockConfiguration(of: target, store)?.retention(from: time.now()) == nil else {
            throw Self.refused("\(target.name) retains new objects by default")
        }
        var new = NewObject(
            key: key,
            ownerID: target.ownerID,
            fields: [Field("content-type", "text/plain")]
        )
        switch try BucketEncryption(of: target, store)?.standard {
        case nil: break
        case .managed: new.encryption = .managed
        case .named: throw Self.refused("\(target.name) encrypts by SSE-KMS")
        }
        if settings.aclsCount, !subject.configuration.grants.isEmpty {
            let own = AccessControlList.private(of: target.ownerID).grants
            new.acl = AccessControlList(grants: own + subject.configuration.grants).stored
        }
        let sealing = try await store.sealing(for: new.encryption)
        let body = try await withTaskExecutorPreference(store.workers) {
            let staged = store.stage(sizeHint: Int64(lines.count), sealing: sealing)
            try staged.append(ByteBuffer(bytes: lines))
            return try staged.finish()
        }
        new.checksum = body.digests.checksum(.crc64nvme)
        let cause = EventCause(
            service: LogDeliveryAccess.service,
            ids.next(),
            reason: "PutObject"
        )
        _ = try await store.put(
            new,
            body: body,
            in: target,
            telling: try announcer.announcement(
                in: target,
                of: { _ in [.createdByPut] },
                because: cause
            )
        )
    }

    private static func refused(_ reason: String) -> S3Error {
        S3Error(.accessDenied, logged: reason)
    }
}
