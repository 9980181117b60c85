internal import S3Protocol
internal import SQLite

extension Connection {
    /// A version as a lifecycle sees it now; `nil` where it is gone, or a delete marker that hides something.
    func lifecycleSubject(
        _ version: LifecycleScan.Due,
        in bucket: Bucket
    ) throws -> (object: StoredObject, subject: LifecycleSubject)? {
        let object = try first(
            """
            SELECT \(StoredObject.columns) FROM versions
            WHERE bucket = ?1 AND key = ?2 AND sequence = ?3
            """,
            .integer(bucket.id),
            .blob(version.key),
            .integer(version.place)
        ) { StoredObject($0) }
        guard let object, let standing = try standing(of: object, version, in: bucket) else {
            return nil
        }
        let subject = LifecycleSubject(
            standing,
            key: object.key,
            size: object.size,
            tags: object.tags.byName,
            storageClass: object.isDeleteMarker ? nil : object.storageClass,
            modified: object.modified
        )
        return (object, subject)
    }

    private func standing(
        of object: StoredObject,
        _ version: LifecycleScan.Due,
        in bucket: Bucket
    ) throws -> LifecycleSubject.Standing? {
        // The nearest first. No rule counts further than a hundred, so no more is read.
        let newer = try all(
            """
            SELECT modified FROM versions WHERE bucket = ?1 AND key = ?2 AND sequence < ?3
            ORDER BY sequence DESC LIMIT 102
            """,
            .integer(bucket.id),
            .blob(version.key),
            .integer(version.place)
        ) { Timestamp(milliseconds: $0.integer(0)) }
        if let successor = newer.first {
            return .noncurrent(since: successor, newer: newer.count - 1)
        }
        guard object.isDeleteMarker else {
            return .current(isVersioned: bucket.versioning != nil)
        }
        let hidden = try first(
            "SELECT 1 FROM versions WHERE bucket = ?1 AND key = ?2 AND sequence > ?3 LIMIT 1",
            .integer(bucket.id),
            .blob(version.key),
            .integer(version.place)
        ) { _ in true }
        return hidden == nil ? .loneMarker : nil
    }

    /// Gives a version another class, which ends its being restored.
    func move(_ object: StoredObject, to storageClass: String) throws {
        try run(
            """
            UPDATE versions SET storage_class = ?4, restored_until = NULL
            WHERE bucket = ?1 AND key = ?2 AND sequence = ?3
            """,
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(-object.sequence),
            .text(storageClass)
        )
    }
}
