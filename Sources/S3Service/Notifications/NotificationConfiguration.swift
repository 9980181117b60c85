import ObjectStore
import S3Protocol

/// Who is to be told of what happens to a bucket's objects.
///
/// [Amazon S3 Event Notifications](https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html)
struct NotificationConfiguration: Sendable, Hashable {
    /// The name of the document in the store.
    static let setting = "notification"
    /// S3's own limits: rules of a bucket, characters of a rule's name, bytes of a filter.
    static let ruleLimit = 100
    static let idLength = 255
    static let filterBytes = 1024

    var rules: [NotificationRule]
    /// Whether everything is told to EventBridge too.
    var tellsBridge: Bool

    /// Whether nobody is told anything.
    var isEmpty: Bool { rules.isEmpty && !tellsBridge }
}

/// One destination, and what it is told.
struct NotificationRule: Sendable, Hashable {
    /// What kind of service the destination is.
    enum Kind: Sendable, Hashable, CaseIterable { case topic, queue, function }

    let kind: Kind
    let id: String
    let arn: String
    let events: [EventPattern]
    /// The filter as it was given, in order.
    let filter: [FilterRule]

    /// Half of a filter: what a key must begin with, or end with.
    struct FilterRule: Sendable, Hashable {
        enum Name: String, Sendable { case prefix, suffix }

        let name: Name
        let value: String

        /// The value is encoded as a URL's query is: a plus is a space.
        var decoded: String { PercentCoding.decode(value, plusIsSpace: true) ?? value }
    }

    var prefix: String { text(.prefix) }
    var suffix: String { text(.suffix) }

    private func text(_ name: FilterRule.Name) -> String {
        filter.first { $0.name == name }?.decoded ?? ""
    }

    /// Whether the destination is told of such an event at a key.
    func asks(for type: EventType, at key: String) -> Bool {
        guard events.contains(where: { $0.matches(type) }) else { return false }
        let bytes = key.utf8
        return bytes.starts(with: prefix.utf8)
            && bytes.reversed().starts(with: suffix.utf8.reversed())
    }

    /// Whether one event at one key could be asked for by both.
    func overlaps(_ other: NotificationRule) -> Bool {
        let shareEvents = events.contains { event in other.events.contains { event.overlaps($0) } }
        guard shareEvents else { return false }
        let (one, two) = (prefix.utf8, other.prefix.utf8)
        guard one.starts(with: two) || two.starts(with: one) else { return false }
        let (oneEnd, twoEnd) = (suffix.utf8.reversed(), other.suffix.utf8.reversed())
        return oneEnd.starts(with: twoEnd) || twoEnd.starts(with: oneEnd)
    }
}

/// A bucket's notifications as its changes ask for them, read once for each change of the bucket.
struct BucketNotifications: BucketSettings {
    /// `nil` where nobody is told anything, as of most buckets.
    let configuration: NotificationConfiguration?

    init(of bucket: Bucket, _ store: Store) throws {
        let document = try store.setting(NotificationConfiguration.setting, of: bucket)
        configuration = try document.map { try NotificationConfiguration(stored: $0) }
    }
}
