internal import S3Protocol
internal import SQLite

extension Store {
    /// A page of a bucket's uploads that are under way.
    public func uploads(_ query: UploadQuery, in bucket: Bucket) throws -> UploadListing {
        guard query.limit > 0 else { return UploadListing() }
        return try index.readTogether { connection in
            var page = UploadPage(query)
            try connection.scan(selectUploads) {
                page.from.take().map { from in
                    [.integer(bucket.id), .blob(from.key), .text(from.id)]
                }
            } read: {
                page.take($0)
            }
            return page.listing
        }
    }
}

private let selectUploads = """
    SELECT \(Upload.columns) FROM uploads INDEXED BY uploads_open
    WHERE bucket = ?1 AND (key, id) > (?2, ?3) AND result_sequence IS NULL ORDER BY key, id
    """

/// A page of a listing of uploads that fills up.
private struct UploadPage {
    private let scan: KeyScan
    private let limit: Int
    private(set) var listing = UploadListing()
    /// After what to look next; no upload has an empty identifier, so that one stands before all of a key.
    var from: (key: [UInt8], id: String)?

    init(_ query: UploadQuery) {
        scan = KeyScan(prefix: query.prefix, delimiter: query.delimiter)
        limit = query.limit
        from =
            switch query.start {
            case .beginning: scan.firstBytes(after: .beginning).map { ($0, "") }
            case .afterKey(let key): scan.firstBytes(after: .afterKey(key)).map { ($0, "") }
            case .afterPrefix(let prefix):
                scan.firstBytes(after: .afterPrefix(prefix)).map { ($0, "") }
            case .afterUpload(let key, let id):
                Array(key.utf8).lexicographicallyPrecedes(scan.prefix)
                    ? (scan.prefix, "") : (Array(key.utf8), id)
            }
    }

    /// Looks at a row, and answers whether the next is wanted.
    mutating func take(_ row: borrowing Row) -> Bool {
        let step = unsafe row.withBytes(1) { unsafe scan.step(for: $0) }
        guard step != .end else { return false }
        guard listing.entries.count < limit else {
            listing.isTruncated = true
            return false
        }
        guard case .commonPrefix(let prefix) = step else {
            listing.entries.append(.upload(Upload(row)))
            return true
        }
        listing.entries.append(.commonPrefix(String(decoding: prefix, as: UTF8.self)))
        from = KeyScan.bytes(after: prefix).map { ($0, "") }
        return false
    }
}
