public import S3Protocol

/// What a listing is to show.
public struct ListQuery: Sendable, Hashable {
    /// Where a listing begins.
    public enum Start: Sendable, Hashable {
        /// At the first key.
        case beginning
        /// After a key, which need not exist.
        case afterKey(String)
        /// After all keys that begin with a common prefix.
        case afterPrefix(String)
    }

    /// What the keys must begin with.
    public var prefix: String
    /// Keys that have this after the prefix are shown together, as far as it goes; `nil` for each alone.
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

/// A page of the objects of a bucket, in the order of their keys' UTF-8 bytes.
public struct Listing: Sendable, Hashable {
    /// One line of a listing.
    public enum Entry: Sendable, Hashable {
        /// An object.
        case object(ListedObject)
        /// What several keys have in common, up to and with the delimiter.
        case commonPrefix(String)

        /// The key or the prefix.
        public var name: String {
            switch self {
            case .object(let object): object.key
            case .commonPrefix(let prefix): prefix
            }
        }
    }

    /// The entries, objects and common prefixes together.
    public var entries: [Entry] = []
    /// Whether there are more.
    public var isTruncated = false

    /// Where the next page begins; `nil` where this is the last.
    public var next: ListQuery.Start? {
        guard isTruncated else { return nil }
        return entries.last.map { entry in
            switch entry {
            case .object(let object): .afterKey(object.key)
            case .commonPrefix(let prefix): .afterPrefix(prefix)
            }
        }
    }
}

/// What a listing tells of an object.
public struct ListedObject: Sendable, Hashable {
    /// Its key.
    public let key: String
    /// Its length in bytes.
    public let size: Int64
    /// Its entity tag, without quotes.
    public let etag: String
    /// When it was written.
    public let modified: Timestamp
    /// Its storage class.
    public let storageClass: String
    /// Until when it can be read although it is archived, if it was restored.
    public let restoredUntil: Timestamp?
    /// The name of its checksum's algorithm, where it has one: a listing says it on and needs no more.
    public let checksumAlgorithm: String?
    /// What the checksum is the checksum of, by its name.
    public let checksumType: String?
    /// The account that owns it.
    public let ownerID: Account.ID
}
