public import S3Protocol
internal import SQLite
import Synchronization

extension Store {
    /// Makes a bucket, with the settings that it has from the start.
    ///
    /// - Throws: `BucketAlreadyOwnedByYou` or `BucketAlreadyExists` where there is one of this name.
    public func createBucket(
        _ name: String,
        owner: Account.ID,
        region: String,
        versioning: Versioning? = nil,
        settings: [String: [UInt8]] = [:]
    ) async throws -> Bucket {
        let created = configuration.time.now()
        // Said without a write, so that a start on a full disk hears it too.
        if let bucket = try? bucket(name) { throw bucket.isTaken(for: owner) }
        return try await index.write { connection in
            if let bucket = try connection.bucket(named: name) { throw bucket.isTaken(for: owner) }
            try connection.run(
                "INSERT INTO buckets(name, owner, region, created, versioning) VALUES (?1, ?2, ?3, ?4, ?5)",
                .text(name),
                .integer(owner),
                .text(region),
                .integer(created.milliseconds),
                .text(versioning?.rawValue)
            )
            let id = connection.lastInsertedID
            for (name, document) in settings {
                try connection.set(name, to: document, ofBucket: id)
            }
            return Bucket(
                id: id,
                name: name,
                ownerID: owner,
                region: region,
                created: created,
                versioning: versioning
            )
        } committed: { bucket in
            self.bucketsByName.withLock { $0[name] = bucket }
        }
    }

    /// The bucket of a name.
    ///
    /// - Throws: `NoSuchBucket`.
    public func bucket(_ name: String) throws(S3Error) -> Bucket {
        guard let bucket = bucketsByName.withLock({ $0[name] }) else {
            throw S3Error(.noSuchBucket)
        }
        return bucket
    }

    /// An account's buckets in the order of their names' bytes.
    ///
    /// - Parameters:
    ///   - owner: The account.
    ///   - prefix: What the names must begin with.
    ///   - after: The name after which to begin.
    ///   - limit: How many at most.
    /// - Returns: The buckets.
    /// - Throws: What reading the index throws.
    public func buckets(
        ownedBy owner: Account.ID,
        prefix: String = "",
        after: String? = nil,
        limit: Int = .max
    ) throws -> [Bucket] {
        try index.read { connection in
            var buckets: [Bucket] = []
            let start = max(after ?? "", prefix)
            try connection.scan(
                "SELECT \(Bucket.columns) FROM buckets WHERE owner = ?1 AND name >= ?2 ORDER BY name",
                .integer(owner),
                .text(start)
            ) { row in
                let bucket = Bucket(row)
                guard buckets.count < limit, bucket.name.hasPrefix(prefix) else { return false }
                if bucket.name != after { buckets.append(bucket) }
                return true
            }
            return buckets
        }
    }

    /// Begins or suspends the keeping of versions.
    ///
    /// - Throws: `NoSuchBucket`.
    public func setVersioning(_ versioning: Versioning, of bucket: Bucket) async throws {
        _ = try await index.write { connection in
            try connection.run(
                "UPDATE buckets SET versioning = ?2 WHERE id = ?1",
                .integer(bucket.id),
                .text(versioning.rawValue)
            )
            return try connection.require(bucket)
        } committed: { bucket in
            self.remember(bucket)
        }
    }

    /// Deletes an empty bucket; uploads that were not finished go with it, and before it where they are many.
    ///
    /// - Throws: `BucketNotEmpty`, or `NoSuchBucket` where it has gone already.
    public func deleteBucket(_ bucket: Bucket) async throws {
        let now = configuration.time.now()
        while try await removeSomeUploads(of: bucket, at: now) {}
        try await index.write(for: .freeing) { connection in
            try connection.requireEmpty(bucket)
            try connection.removeUploads(of: bucket, at: now)
            for table in ["bucket_settings WHERE bucket", "buckets WHERE id"] {
                try connection.run("DELETE FROM \(table) = ?1", .integer(bucket.id))
            }
        } committed: { _ in
            self.bucketsByName.withLock { buckets in
                if buckets[bucket.name]?.id == bucket.id { buckets[bucket.name] = nil }
            }
            self.lifecycles.withLock { $0[bucket.id] = nil }
        }
    }
}

extension Store {
    /// How many uploads go in one commit, each with up to 10,000 parts, so that no other write waits long.
    private static let uploadBatch = 4

    /// Removes some of many uploads of an empty bucket, and answers whether it did.
    private func removeSomeUploads(of bucket: Bucket, at now: Timestamp) async throws -> Bool {
        let some = try index.read { try $0.uploads(of: bucket, limit: Self.uploadBatch + 1) }
        guard some.count > Self.uploadBatch else { return false }
        try await index.write(for: .freeing) { connection in
            try connection.requireEmpty(bucket)
            for upload in some { try connection.remove(upload, at: now) }
        }
        return true
    }
}

extension Connection {
    /// Fails where a bucket is gone, or has a version of an object or a delete marker.
    fileprivate func requireEmpty(_ bucket: Bucket) throws {
        let bucket = try require(bucket)
        let isUsed = try first(
            "SELECT 1 FROM versions WHERE bucket = ?1 LIMIT 1",
            .integer(bucket.id)
        ) { _ in true }
        guard isUsed != nil else { return }
        throw S3Error(
            .bucketNotEmpty,
            bucket.versioning.map { _ in
                "The bucket you tried to delete is not empty. You must delete all versions in "
                    + "the bucket."
            },
            details: [.init("BucketName", bucket.name)]
        )
    }
}

extension Bucket {
    /// Why there cannot be another of this name.
    fileprivate func isTaken(for owner: Account.ID) -> S3Error {
        S3Error(
            ownerID == owner ? .bucketAlreadyOwnedByYou : .bucketAlreadyExists,
            details: [.init("BucketName", name)]
        )
    }
}
