/// What happens to a bucket's objects by themselves.
///
/// [Managing the lifecycle of objects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html)
public struct LifecycleConfiguration: Sendable, Hashable {
    /// Which small objects stay where they are, unless a rule's filter speaks of sizes.
    public enum TransitionMinimum: String, Sendable, Hashable {
        /// Those of less than 128 KiB.
        case allClasses = "all_storage_classes_128K"
        /// Those of less than 128 KiB, but for transitions to the archives.
        case variesByClass = "varies_by_storage_class"

        static let size: Int64 = 128 << 10

        func allows(_ size: Int64, to storageClass: String) -> Bool {
            size >= Self.size
                || (self == .variesByClass && StorageClass.isArchive(storageClass))
        }
    }

    /// The most rules that a bucket may have.
    public static let ruleLimit = 1000

    /// The rules, in the order in which they were given.
    public let rules: [LifecycleRule]
    /// Which small objects are not moved.
    public let transitionMinimum: TransitionMinimum

    /// The rules that are applied.
    var enabledRules: some Sequence<LifecycleRule> { rules.lazy.filter(\.isEnabled) }

    /// Whether anything depends on an object's tags.
    public var usesTags: Bool { enabledRules.contains { !$0.filter.tags.isEmpty } }

    /// Whether any rule that is applied could be for a key.
    public func concerns(_ key: some Collection<UInt8>) -> Bool {
        enabledRules.contains { $0.filter.matchesPrefix(of: key) }
    }
}

/// How long a day of a lifecycle is.
public enum LifecycleDay: Sendable, Hashable {
    /// A day of the calendar: what is due in a day's course is due at the midnight (UTC) that ends it.
    case calendar
    /// So many seconds, for tests that cannot wait.
    case seconds(Int64)

    private static let calendarDay: Int64 = 24 * 60 * 60 * 1000

    /// The moment that comes some days after another.
    ///
    /// [How S3 calculates how long](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#non-current-days-calculations)
    public func moment(_ days: Int, after start: Timestamp) -> Timestamp {
        switch self {
        case .seconds(let seconds):
            return start.advanced(bySeconds: Int64(days) &* seconds)
        case .calendar:
            let day = Self.calendarDay
            let due = start.milliseconds &+ Int64(days) &* day
            let (whole, rest) = due.quotientAndRemainder(dividingBy: day)
            return Timestamp(milliseconds: (rest > 0 ? whole + 1 : whole) * day)
        }
    }
}
