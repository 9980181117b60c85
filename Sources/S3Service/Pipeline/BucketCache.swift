import ObjectStore
import Synchronization

/// Something that follows from what was put on a bucket.
protocol BucketSettings: Sendable {
    /// Reads what was put on a bucket.
    init(of bucket: Bucket, _ store: Store) throws
}

/// The settings of buckets that were asked about, until they change.
final class BucketCache<Settings: BucketSettings>: Sendable {
    /// More buckets than one machine's clients use at a time; then it starts over.
    private static var capacity: Int { 4096 }

    private struct Entry {
        let revision: UInt64
        /// Of the directory, for some of it follows from what is set for whole accounts.
        let accounts: UInt64
        let settings: Settings
    }

    private let entries = Mutex<[Int64: Entry]>([:])

    /// The settings of a bucket, as they are now.
    func settings(of bucket: Bucket, _ store: Store) throws -> Settings {
        let revision = bucket.settingsRevision
        let accounts = store.directory.revision
        if let entry = entries.withLock({ $0[bucket.id] }), entry.revision == revision,
            entry.accounts == accounts
        {
            return entry.settings
        }
        // What is read now is of this revision or a later one; a later one is asked for by its number.
        let settings = try Settings(of: bucket, store)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll() }
            if entries[bucket.id].map({ $0.revision <= revision && $0.accounts <= accounts })
                ?? true
            {
                entries[bucket.id] = Entry(
                    revision: revision,
                    accounts: accounts,
                    settings: settings
                )
            }
        }
        return settings
    }
}
