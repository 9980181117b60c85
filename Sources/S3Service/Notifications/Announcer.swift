import ObjectStore
import S3Protocol

/// Makes events of changes, for those whom a bucket's notifications name.
struct Announcer: Sendable {
    /// Which events a change is.
    typealias Types = @Sendable (ObjectChange.Kind) -> [EventType]

    let notifications: BucketCache<BucketNotifications>
    let destinations: NotificationDestinations
    let store: Store

    /// What is to be told of changes in a bucket; `nil` where nobody wants to hear anything, as in most.
    func announcement(
        in bucket: Bucket,
        of types: @escaping Types,
        because cause: @autoclosure () -> EventCause
    ) throws -> Announcement? {
        let settings = try notifications.settings(of: bucket, store)
        guard let configuration = settings.configuration, !configuration.isEmpty else { return nil }
        // A destination that was allowed once and is no more is told nothing.
        let told = configuration.rules.compactMap { rule in
            (try? destinations.mailbox(of: rule, in: bucket)).map { (rule, $0) }
        }
        let bridge = configuration.tellsBridge ? destinations.bridgeMailbox(of: bucket) : nil
        let owner = store.directory.account(bucket.ownerID) ?? .anonymous
        let (cause, random) = (cause(), store.random)
        return Announcement { change in
            let key = change.object.key
            let subject = "\(bucket.id)/\(key)"
            return types(change.kind).flatMap { type in
                var messages = told.filter { $0.0.asks(for: type, at: key) }.map { rule, mailbox in
                    let record = EventRecord(
                        type: type,
                        change: change,
                        cause: cause,
                        bucket: bucket,
                        ownerID: owner.canonicalID,
                        ruleID: rule.id
                    )
                    return NewMessage(to: mailbox, about: subject, Array(record.text.utf8))
                }
                if let bridge {
                    let event = BridgeEvent(
                        type: type,
                        change: change,
                        cause: cause,
                        bucket: bucket,
                        account: owner.number,
                        id: UniqueName.uuid(random)
                    )
                    messages.append(
                        NewMessage(to: bridge, about: subject, Array(event.text.utf8))
                    )
                }
                return messages
            }
        }
    }
}

extension Context {
    /// What is to be told of a change that this request makes.
    func announcement(_ types: EventType..., in bucket: Bucket) throws -> Announcement? {
        try announcement(in: bucket) { _ in types }
    }

    /// What is to be told of what this request deletes.
    func announcementOfDeletion(in bucket: Bucket) throws -> Announcement? {
        try announcement(in: bucket) { $0 == .hidden ? [.hidden] : [.removed] }
    }

    private func announcement(
        in bucket: Bucket,
        of types: @escaping Announcer.Types
    ) throws -> Announcement? {
        try announcer.announcement(
            in: bucket,
            of: types,
            because: EventCause(caller, authorization.request.http, ids, operation: operation)
        )
    }
}

extension EventType {
    /// Which events the changes that a lifecycle makes are.
    static func ofLifecycle(_ kind: ObjectChange.Kind) -> [EventType] {
        switch kind {
        case .removed: [.expired]
        case .hidden: [.expiredBehindMarker]
        case .moved: [.transitioned]
        case .written, .altered, .restored: []
        }
    }
}
