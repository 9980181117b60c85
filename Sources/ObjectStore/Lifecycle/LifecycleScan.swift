internal import S3Protocol
internal import SQLite

/// A walk over all versions of a bucket that finds what is due, for all rules at once.
///
/// It takes a bounded number of rows at a time, and remembers of the last key only what the next row
/// must know: so a bucket costs no memory, however many keys and versions it has.
struct LifecycleScan {
    /// A version for which something is due.
    struct Due: Sendable, Hashable {
        let key: [UInt8]
        /// As the index has it, negated.
        let place: Int64
    }

    /// How many rows are looked at in one read transaction.
    static let pageRows = 2000

    private let rules: LifecycleConfiguration
    private let usesTags: Bool
    private let isVersioned: Bool
    private let now: Timestamp
    private let day: LifecycleDay

    /// What was due on the page.
    private(set) var due: [Due] = []
    /// After what the next page begins; `nil` at the end of the bucket.
    private(set) var from: Due? = Due(key: [], place: .min)

    private var rows = 0
    private var key: [UInt8]?
    /// Whether any rule is for the key.
    private var isConcerned = false
    /// When the version that comes next in time was written.
    private var successor = Timestamp(milliseconds: 0)
    /// How many noncurrent versions of the key were seen.
    private var noncurrent = 0
    /// A latest version that is a delete marker, until it is known whether it is the only one.
    private var marker: (due: Due, subject: LifecycleSubject)?

    init(
        _ rules: LifecycleConfiguration,
        isVersioned: Bool,
        at now: Timestamp,
        day: LifecycleDay
    ) {
        self.rules = rules
        usesTags = rules.usesTags
        self.isVersioned = isVersioned
        self.now = now
        self.day = day
    }

    /// Looks at the next page, in place of the last one's findings.
    mutating func readPage(of bucket: Bucket, _ connection: Connection) throws {
        due = []
        guard let start = from else { return }
        rows = 0
        from = nil
        try connection.scan(
            selectPage,
            .integer(bucket.id),
            .blob(start.key),
            .integer(start.place),
            .integer(Self.pageRows)
        ) { row in
            take(row)
            return true
        }
        if rows < Self.pageRows {
            from = nil
            finishKey()
        }
    }

    private mutating func take(_ row: borrowing Row) {
        rows += 1
        let bytes = row.blob(0)
        let version = Due(key: bytes, place: row.integer(1))
        from = version
        let isOlder = key == bytes
        if isOlder {
            marker = nil
        } else {
            finishKey()
            key = bytes
            noncurrent = 0
            isConcerned = rules.concerns(bytes)
        }
        guard isConcerned else { return }
        let modified = Timestamp(milliseconds: row.integer(4))
        defer { successor = modified }
        let isMarker = row.boolean(2)
        var subject = LifecycleSubject(
            isOlder
                ? .noncurrent(since: successor, newer: noncurrent)
                : .current(isVersioned: isVersioned),
            key: String(decoding: bytes, as: UTF8.self),
            size: row.integer(3),
            tags: usesTags ? row.tags(6) : [:],
            storageClass: isMarker ? nil : row.text(5),
            modified: modified
        )
        if isOlder { noncurrent += 1 }
        if isMarker, !isOlder {
            subject.standing = .loneMarker
            marker = (version, subject)
        } else {
            judge(version, subject, lock: ObjectLock(row, 7))
        }
    }

    /// No more versions of the key will come.
    private mutating func finishKey() {
        guard let (version, subject) = marker else { return }
        marker = nil
        judge(version, subject, lock: .none)
    }

    private mutating func judge(_ version: Due, _ subject: LifecycleSubject, lock: ObjectLock) {
        guard let action = rules.action(for: subject, at: now, day: day),
            !action.isForbidden(by: lock, subject, at: now)
        else { return }
        due.append(version)
    }
}

private let selectPage = """
    SELECT key, sequence, is_delete_marker, size, modified, storage_class, tags, lock FROM versions
    WHERE bucket = ?1 AND (key, sequence) > (?2, ?3) ORDER BY key, sequence LIMIT ?4
    """

extension LifecycleAction {
    /// Whether a lock keeps a version from what would be done with it: from being removed for good.
    func isForbidden(by lock: ObjectLock, _ subject: LifecycleSubject, at now: Timestamp) -> Bool {
        let removes =
            self == .remove || (self == .expire && subject.standing == .current(isVersioned: false))
        return removes && lock.holds(at: now, bypassingGovernance: false)
    }
}

extension Row {
    /// A column of tags, by their names.
    fileprivate func tags(_ column: Int32) -> [String: String] {
        let tags = unsafe withBytes(column) { unsafe [Field](encoded: $0) }
        return tags?.byName ?? [:]
    }
}

extension [Field] {
    /// The values by their names.
    var byName: [String: String] {
        Dictionary(map { ($0.name, $0.value) }) { first, _ in first }
    }
}
