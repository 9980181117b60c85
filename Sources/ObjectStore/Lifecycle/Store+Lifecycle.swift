internal import Logging
public import S3Protocol
internal import SQLite
import Synchronization

extension Store {
    private static let lifecycleSetting = "lifecycle"

    /// What happens to a bucket's objects by themselves; `nil` where nobody said.
    ///
    /// It is kept in memory, as nearly every request asks for it.
    public func lifecycle(of bucket: Bucket) -> LifecycleConfiguration? {
        lifecycles.withLock { $0[bucket.id] }
    }

    /// Says what is to happen to a bucket's objects by themselves, in place of what was said before;
    /// `nil` for nothing.
    ///
    /// - Throws: `NoSuchBucket`, or what writing to the index throws.
    public func setLifecycle(
        _ lifecycle: LifecycleConfiguration?,
        of bucket: Bucket
    ) async throws {
        try await set(Self.lifecycleSetting, to: lifecycle?.stored, of: bucket) {
            self.lifecycles.withLock { $0[bucket.id] = lifecycle }
        }
    }

    /// The lifecycles that the index knows.
    ///
    /// One that cannot be read deletes nothing: it is as if it were not there, and the log says so.
    static func lifecycles(
        in index: Index,
        logger: Logger
    ) throws -> [Int64: LifecycleConfiguration] {
        let rows = try index.read { connection in
            try connection.all(
                "SELECT bucket, document FROM bucket_settings WHERE name = ?1",
                .text(lifecycleSetting)
            ) { (bucket: $0.integer(0), document: $0.blob(1)) }
        }
        var lifecycles: [Int64: LifecycleConfiguration] = [:]
        for row in rows {
            do {
                lifecycles[row.bucket] = try LifecycleConfiguration(stored: row.document)
            } catch {
                logger.error("The lifecycle of bucket \(row.bucket) cannot be read: \(error)")
            }
        }
        return lifecycles
    }

    /// Lets an archived version be read until a moment, in place of the one that was set before.
    ///
    /// - Throws: ``ContentGone`` where the version is there no more, or what writing to the index throws.
    public func restore(
        _ object: StoredObject,
        until moment: Timestamp,
        telling announcement: Announcement? = nil
    ) async throws {
        try await alter(object, as: .restored(until: moment), telling: announcement) { connection in
            try connection.run(
                """
                UPDATE versions SET restored_until = ?4
                WHERE bucket = ?1 AND key = ?2 AND sequence = ?3
                """,
                .integer(object.bucketID),
                .utf8(object.key),
                .integer(-object.sequence),
                .integer(moment.milliseconds)
            )
        }
    }
}
