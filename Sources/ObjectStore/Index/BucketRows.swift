internal import S3Protocol
internal import SQLite

// The rows of `buckets`.

extension Bucket {
    static let columns = "id, name, owner, region, created, versioning"

    init(_ row: borrowing Row) {
        id = row.integer(0)
        name = row.text(1)
        ownerID = row.integer(2)
        region = row.text(3)
        created = Timestamp(milliseconds: row.integer(4))
        versioning = row.optionalText(5).flatMap { Versioning(rawValue: $0) }
    }
}

extension Connection {
    func allBuckets() throws -> [Bucket] {
        try all("SELECT \(Bucket.columns) FROM buckets") { Bucket($0) }
    }

    func bucket(named name: String) throws -> Bucket? {
        try first("SELECT \(Bucket.columns) FROM buckets WHERE name = ?1", .text(name)) {
            Bucket($0)
        }
    }

    /// The bucket as it is now.
    ///
    /// Fails where it was deleted since it was looked up, even if another has its name now.
    @discardableResult
    func require(_ bucket: Bucket) throws -> Bucket {
        let found = try first(
            "SELECT \(Bucket.columns) FROM buckets WHERE id = ?1",
            .integer(bucket.id)
        ) { Bucket($0) }
        guard let found else { throw S3Error(.noSuchBucket) }
        return found
    }
}
