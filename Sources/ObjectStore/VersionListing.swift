/// What a listing of versions is to show.
public struct VersionQuery: Sendable, Hashable {
    /// Where a listing begins.
    public enum Start: Sendable, Hashable {
        /// At the first key.
        case beginning
        /// After all versions of a key, which need not exist.
        case afterKey(String)
        /// After one version of a key, which need not exist any more.
        case afterVersion(key: String, ObjectVersion)
        /// After all keys that begin with a common prefix.
        case afterPrefix(String)
    }

    /// What the keys must begin with.
    public var prefix: String
    /// Keys that have this after the prefix are shown together; `nil` for each alone.
    public var delimiter: String?
    /// Where to begin.
    public var start: Start
    /// How many entries at most.
    public var limit: Int

    /// Describes a listing.
    ///
    /// An empty delimiter is none.
    public init(
        prefix: String = "",
        delimiter: String? = nil,
        start: Start = .beginning,
        limit: Int = 1000
    ) {
        self.prefix = prefix
        self.delimiter = delimiter.flatMap { $0.isEmpty ? nil : $0 }
        self.start = start
        self.limit = limit
    }
}

/// A page of the versions of a bucket's objects: by key, and for one key the newest first.
public struct VersionListing: Sendable, Hashable {
    /// One line of a listing.
    public enum Entry: Sendable, Hashable {
        /// A version, or a delete marker.
        case version(ListedVersion)
        /// What several keys have in common, up to and with the delimiter.
        case commonPrefix(String)
    }

    /// The entries in order, versions and common prefixes together.
    public var entries: [Entry] = []
    /// Whether there are more.
    public var isTruncated = false
}

/// What a listing tells of a version.
public struct ListedVersion: Sendable, Hashable {
    /// The object as it was; of a delete marker only key, owner and time count.
    public let object: ListedObject
    /// The version's identifier; `nil` for the version `null`.
    public let versionID: String?
    /// Whether it says that the object was deleted.
    public let isDeleteMarker: Bool
    /// Whether it is the newest of its key.
    public let isLatest: Bool
}
