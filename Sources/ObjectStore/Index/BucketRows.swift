internal import S3Protocol
internal import SQLite

// The rows of `buckets`.

extension Bucket {
    static let columns = "id, name, owner, region, created"

    init(_ row: borrowing Row) {
        id = row.integer(0)
        name = row.text(1)
        ownerID = row.integer(2)
        region = row.text(3)
        created = Timestamp(milliseconds: row.integer(4))
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

    /// Fails where the bucket was deleted since it was looked up, even if another has its name now.
    func require(_ bucket: Bucket) throws {
        let found = try first("SELECT 1 FROM buckets WHERE id = ?1", .integer(bucket.id)) { _ in
            true
        }
        guard found == true else { throw S3Error(.noSuchBucket) }
    }
}
