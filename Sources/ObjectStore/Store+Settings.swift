internal import S3Protocol
internal import SQLite
import Synchronization

extension Store {
    /// A document that was put on a bucket, or `nil` where none of this name was.
    public func setting(_ name: String, of bucket: Bucket) throws -> [UInt8]? {
        try index.read { connection in
            try connection.first(
                "SELECT document FROM bucket_settings WHERE bucket = ?1 AND name = ?2",
                .integer(bucket.id),
                .text(name)
            ) { $0.blob(0) }
        }
    }

    /// Puts a document on a bucket, in place of the one of its name; `nil` removes it.
    ///
    /// - Throws: `NoSuchBucket`, or what writing to the index throws.
    ///
    /// Messages are kept with it, or not at all.
    public func set(
        _ name: String,
        to document: [UInt8]?,
        of bucket: Bucket,
        posting messages: [NewMessage] = []
    ) async throws {
        try await set(name, to: document, of: bucket, posting: messages) {}
        if !messages.isEmpty { mailbox.ring() }
    }

    /// The same, with something to do between the commit and the answer.
    func set(
        _ name: String,
        to document: [UInt8]?,
        of bucket: Bucket,
        posting messages: [NewMessage] = [],
        committed: @escaping @Sendable () -> Void
    ) async throws {
        let now = configuration.time.now()
        _ = try await index.write { connection in
            let bucket = try connection.require(bucket)
            if let document {
                try connection.set(name, to: document, ofBucket: bucket.id)
            } else {
                try connection.run(
                    "DELETE FROM bucket_settings WHERE bucket = ?1 AND name = ?2",
                    .integer(bucket.id),
                    .text(name)
                )
            }
            for message in messages { try self.mailbox.post(message, at: now, on: connection) }
            return bucket
        } committed: { bucket in
            self.remember(bucket)
            committed()
        }
    }

    /// Documents of a bucket whose names begin alike, in the order of the names' bytes.
    ///
    /// - Parameters:
    ///   - family: What the names begin with.
    ///   - after: The name after which to begin.
    ///   - limit: How many at most.
    ///   - bucket: The bucket.
    /// - Returns: Names and documents.
    /// - Throws: What reading the index throws.
    public func settings(
        inFamily family: String,
        after: String? = nil,
        limit: Int,
        of bucket: Bucket
    ) throws -> [(name: String, document: [UInt8])] {
        try index.read { connection in
            var found: [(name: String, document: [UInt8])] = []
            try connection.scan(
                "SELECT name, document FROM bucket_settings WHERE bucket = ?1 AND name >= ?2 ORDER BY name",
                .integer(bucket.id),
                .text(max(after ?? "", family))
            ) { row in
                let name = row.text(0)
                guard found.count < limit, name.hasPrefix(family) else { return false }
                if name != after { found.append((name, row.blob(1))) }
                return true
            }
            return found
        }
    }

    /// Puts a document on a bucket that takes only so many whose names begin alike.
    ///
    /// - Parameters:
    ///   - name: The document's name.
    ///   - document: The document.
    ///   - bucket: The bucket.
    ///   - family: What the names begin with.
    ///   - limit: How many of them there may be.
    /// - Throws: `TooManyConfigurations`, `NoSuchBucket`, or what writing to the index throws.
    public func set(
        _ name: String,
        to document: [UInt8],
        of bucket: Bucket,
        inFamily family: String,
        ofAtMost limit: Int
    ) async throws {
        _ = try await index.write { connection in
            let bucket = try connection.require(bucket)
            let others = try connection.first(
                "SELECT count(*) FROM bucket_settings WHERE bucket = ?1 AND name <> ?2 AND substr(name, 1, ?3) = ?4",
                .integer(bucket.id),
                .text(name),
                .integer(Int64(family.unicodeScalars.count)),
                .text(family)
            ) { $0.integer(0) }
            guard others ?? 0 < limit else { throw S3Error(.tooManyConfigurations) }
            try connection.set(name, to: document, ofBucket: bucket.id)
            return bucket
        } committed: { bucket in
            self.remember(bucket)
        }
    }

    /// Keeps a bucket in memory as it is in the index now.
    func remember(_ bucket: Bucket) {
        bucketsByName.withLock { buckets in
            var bucket = bucket
            bucket.settingsRevision = (buckets[bucket.name]?.settingsRevision ?? 0) &+ 1
            buckets[bucket.name] = bucket
        }
    }
}

extension Connection {
    /// Puts a document on a bucket.
    func set(_ name: String, to document: [UInt8], ofBucket bucketID: Int64) throws {
        try run(
            "INSERT OR REPLACE INTO bucket_settings(bucket, name, document) VALUES (?1, ?2, ?3)",
            .integer(bucketID),
            .text(name),
            .blob(document)
        )
    }
}
