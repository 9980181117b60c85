/// What is to happen to some of a bucket's objects as they grow old.
///
/// [Lifecycle configuration elements](https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html)
public struct LifecycleRule: Sendable, Hashable {
    /// Its name, which no other rule of the bucket has.
    public let id: String
    /// Whether it is applied.
    public let isEnabled: Bool
    /// Which objects it is for.
    public let filter: LifecycleFilter
    /// When current versions go.
    public let expiration: Expiration?
    /// When current versions change their class.
    public let transitions: [Transition]
    /// When noncurrent versions change their class.
    public let noncurrentTransitions: [NoncurrentTransition]
    /// When noncurrent versions go.
    public let noncurrentExpiration: NoncurrentAge?
    /// How many days after its beginning an upload in parts is given up.
    public let abortDays: Int?

    /// When something is due: some days after an object was written, or on a day.
    public enum Moment: Sendable, Hashable {
        /// So many days after the object was written.
        case days(Int)
        /// From a midnight on.
        case date(Timestamp)
    }

    /// How current versions go.
    public enum Expiration: Sendable, Hashable {
        /// They expire.
        case at(Moment)
        /// Whether delete markers that hide nothing any more are removed.
        case expiredObjectDeleteMarker(Bool)
    }

    /// A change of class of current versions.
    public struct Transition: Sendable, Hashable {
        /// When.
        public let moment: Moment
        /// The new class.
        public let storageClass: String
    }

    /// How long a version has not been the current one, and how many such there are after it.
    public struct NoncurrentAge: Sendable, Hashable {
        /// Days since its successor was written.
        public let days: Int
        /// How many newer noncurrent versions must be there; `nil` where that does not matter.
        public let newer: Int?
    }

    /// A change of class of noncurrent versions.
    public struct NoncurrentTransition: Sendable, Hashable {
        /// When.
        public let age: NoncurrentAge
        /// The new class.
        public let storageClass: String
    }
}

/// Which objects a rule is for: all whose key, tags and size are as it says.
public struct LifecycleFilter: Sendable, Hashable {
    /// How the document spells it, which decides what may stand in it.
    public enum Form: Sendable, Hashable {
        /// `Prefix` in the rule itself, as the first version of the API has it.
        case prefix
        /// `Filter` with one thing in it, or none.
        case filter
        /// `Filter` with several things in `And`.
        case and
    }

    /// A tag that an object must have.
    public struct Tag: Sendable, Hashable {
        /// Its name.
        public let key: String
        /// Its value.
        public let value: String
    }

    /// How it is spelled.
    public var form: Form
    /// What keys begin with; `nil` where that is not said, which is as good as "".
    public var prefix: String?
    /// The tags that an object must have, all of them.
    public var tags: [Tag] = []
    /// What an object's length in bytes must exceed.
    public var sizeGreaterThan: Int64?
    /// What an object's length in bytes must stay below.
    public var sizeLessThan: Int64?

    var hasSize: Bool { sizeGreaterThan != nil || sizeLessThan != nil }

    /// Whether it is for an object.
    public func matches(key: String, size: Int64, tags: [String: String]) -> Bool {
        matchesPrefix(of: key.utf8)
            && size > sizeGreaterThan ?? -1
            && size < sizeLessThan ?? .max
            && self.tags.allSatisfy { tags[$0.key] == $0.value }
    }

    /// Whether it is for keys that begin as one does.
    public func matchesPrefix(of key: some Sequence<UInt8>) -> Bool {
        guard let prefix, !prefix.isEmpty else { return true }
        return key.starts(with: prefix.utf8)
    }
}
