internal import S3Protocol
internal import SQLite

extension Store {
    /// A page of all versions of a bucket's objects, as the bucket is at one moment.
    public func listVersions(_ query: VersionQuery, in bucket: Bucket) throws -> VersionListing {
        guard query.limit > 0 else { return VersionListing() }
        return try index.readTogether { connection in
            guard var page = try Page(query, in: bucket, connection) else {
                return VersionListing()
            }
            try connection.scan(selectAfter) {
                page.from.take().map { from in
                    [.integer(bucket.id), .blob(from.key), .integer(from.place)]
                }
            } read: {
                page.take($0)
            }
            return page.listing
        }
    }
}

/// Rows of one key follow each other, the newest first, as `sequence` is stored negated.
private let selectAfter = """
    SELECT \(ListedObject.columns), version_id, sequence FROM versions
    WHERE bucket = ?1 AND (key, sequence) > (?2, ?3) ORDER BY key, sequence
    """

/// A page of a listing of versions that fills up.
private struct Page {
    /// A place between two rows.
    struct Place {
        let key: [UInt8]
        let place: Int64
    }

    private let scan: KeyScan
    private let limit: Int
    private var lastKey: [UInt8]?
    private(set) var listing = VersionListing()
    /// After what to look next; `nil` at the end.
    var from: Place?

    /// `nil` where nothing can come after the start.
    init?(_ query: VersionQuery, in bucket: Bucket, _ connection: Connection) throws {
        scan = KeyScan(prefix: query.prefix, delimiter: query.delimiter)
        limit = query.limit
        switch query.start {
        case .beginning: from = Self.before(scan.firstBytes(after: .beginning))
        case .afterKey(let key): from = Self.before(scan.firstBytes(after: .afterKey(key)))
        case .afterPrefix(let prefix):
            from = Self.before(scan.firstBytes(after: .afterPrefix(prefix)))
        case .afterVersion(let key, let version):
            let bytes = Array(key.utf8)
            if bytes.lexicographicallyPrecedes(scan.prefix) {
                from = Self.before(scan.firstBytes(after: .afterKey(key)))
            } else if let place = try connection.place(of: version, key: key, in: bucket) {
                from = Place(key: bytes, place: place)
                // The version before this page shows that none of the page is the key's latest.
                lastKey = bytes
            } else {
                // Gone since, as where each page is deleted: what was behind it is better listed twice than never.
                from = Self.before(bytes)
            }
        }
        if from == nil { return nil }
    }

    private static func before(_ key: [UInt8]?) -> Place? {
        key.map { Place(key: $0, place: .min) }
    }

    /// Looks at a row, and answers whether the next is wanted.
    mutating func take(_ row: borrowing Row) -> Bool {
        let (step, isOlder) = unsafe row.withBytes(0) { key in
            let isOlder = lastKey.map { unsafe $0.elementsEqual(key) } ?? false
            return (unsafe scan.step(for: key), isOlder)
        }
        guard step != .end else { return false }
        guard listing.entries.count < limit else {
            listing.isTruncated = true
            return false
        }
        if case .commonPrefix(let prefix) = step {
            listing.entries.append(.commonPrefix(String(decoding: prefix, as: UTF8.self)))
            from = Self.before(KeyScan.bytes(after: prefix))
            return false
        }
        if !isOlder { lastKey = row.blob(0) }
        listing.entries.append(
            .version(
                ListedVersion(
                    object: ListedObject(row),
                    versionID: row.optionalText(10),
                    isDeleteMarker: row.boolean(1),
                    isLatest: !isOlder
                )
            )
        )
        return true
    }
}

extension Connection {
    /// Where a version is, or was, among the rows of its key; `nil` where nobody knows any more.
    fileprivate func place(
        of version: ObjectVersion,
        key: String,
        in bucket: Bucket
    ) throws -> Int64? {
        switch version {
        case .latest: nil
        case .id(let id): 0 &- id.sequence
        case .null: try self.version(.null, of: key, in: bucket.id).map { -$0.sequence }
        }
    }
}
