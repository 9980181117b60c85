internal import S3Protocol
internal import SQLite

extension Store {
    /// A page of a bucket's objects, as the bucket is at one moment.
    public func list(_ query: ListQuery, in bucket: Bucket) throws -> Listing {
        guard query.limit > 0 else { return Listing() }
        return try index.readTogether { connection in
            var page = Page(query)
            try connection.scan(selectFrom) {
                page.from.take().map { [.integer(bucket.id), .blob($0)] }
            } read: {
                page.take($0)
            }
            return page.listing
        }
    }
}

private let selectFrom = """
    SELECT \(ListedObject.columns) FROM versions
    WHERE bucket = ?1 AND key >= ?2 ORDER BY key, sequence
    """

/// A page of a listing that fills up.
private struct Page {
    /// How many rows cost what a seek does.
    private static let seekWorthRows = 32

    private let scan: KeyScan
    private let limit: Int
    private var lastKey: [UInt8]?
    private var olderRows = 0
    private(set) var listing = Listing()
    /// Where to look next; `nil` at the end.
    var from: [UInt8]?

    init(_ query: ListQuery) {
        scan = KeyScan(prefix: query.prefix, delimiter: query.delimiter)
        limit = query.limit
        from = scan.firstBytes(after: query.start)
    }

    /// Looks at a row, and answers whether the next is wanted.
    mutating func take(_ row: borrowing Row) -> Bool {
        let (step, isOlder) = unsafe row.withBytes(0) { key in
            let isOlder = lastKey.map { unsafe $0.elementsEqual(key) } ?? false
            return (unsafe scan.step(for: key), isOlder)
        }
        guard step != .end else { return false }
        // Rows of one key follow each other, the newest first; only that one counts.
        guard !isOlder else { return passesOlder() }
        let isHidden = row.boolean(1)
        guard isHidden || listing.entries.count < limit else {
            listing.isTruncated = true
            return false
        }
        if !isHidden, case .commonPrefix(let prefix) = step {
            listing.entries.append(.commonPrefix(String(decoding: prefix, as: UTF8.self)))
            from = KeyScan.bytes(after: prefix)
            return false
        }
        (lastKey, olderRows) = (row.blob(0), 0)
        if !isHidden { listing.entries.append(.object(ListedObject(row))) }
        return true
    }

    /// Goes on past an older version, by a new look at the next key where there are many.
    private mutating func passesOlder() -> Bool {
        olderRows += 1
        guard olderRows == Self.seekWorthRows, let lastKey else { return true }
        from = lastKey + [0]
        return false
    }
}

extension ListedObject {
    /// The columns that ``init(_:)`` reads, and whether the row is a delete marker.
    static let columns = """
        key, is_delete_marker, size, etag, modified, storage_class, checksum_algorithm, checksum_type, \
        owner, restored_until
        """

    init(_ row: borrowing Row) {
        key = row.text(0)
        size = row.integer(2)
        etag = row.text(3)
        modified = Timestamp(milliseconds: row.integer(4))
        storageClass = row.text(5)
        checksumAlgorithm = row.optionalText(6)
        checksumType = row.optionalText(7)
        ownerID = row.integer(8)
        restoredUntil = row.optionalInteger(9).map { Timestamp(milliseconds: $0) }
    }
}
