internal import S3Protocol
internal import SQLite

// The rows of `versions`, and what hangs on them: `segments`.
// `sequence` is stored negated, so that the newest version of a key comes first in ascending order.

extension StoredObject {
    /// The columns that ``init(_:)`` reads.
    static let columns = """
        bucket, key, size, etag, modified, fields, storage_class, checksum_algorithm, checksum_type, checksum, \
        part_count, owner, version_id, sequence, blob, is_delete_marker, \
        tags, lock, encryption, restored_until
        """

    init(_ row: borrowing Row) {
        bucketID = row.integer(0)
        key = row.text(1)
        size = row.integer(2)
        etag = row.text(3)
        modified = Timestamp(milliseconds: row.integer(4))
        fields = unsafe row.withBytes(5) { unsafe [Field](encoded: $0) } ?? []
        storageClass = row.text(6)
        checksum = Checksum(row, 7)
        partCount = row.optionalInteger(10).map { Int($0) }
        ownerID = row.integer(11)
        versionID = row.optionalText(12)
        sequence = -row.integer(13)
        blobID = row.optionalInteger(14)
        isDeleteMarker = row.boolean(15)
        tags = unsafe row.withBytes(16) { unsafe [Field](encoded: $0) } ?? []
        lock = ObjectLock(row, 17)
        encryption = ObjectEncryption(row, 18)
        restoredUntil = row.optionalInteger(19).map { Timestamp(milliseconds: $0) }
    }
}

extension ObjectEncryption {
    /// Reads a column; `nil` where it is NULL.
    init?(_ row: borrowing Row, _ column: Int32) {
        guard let fields = row.optionalBlob(column).flatMap({ [Field](encoded: $0) }) else {
            return nil
        }
        self.init(fields)
    }
}

extension Checksum {
    /// Reads algorithm, type and value from three columns; `nil` where they are NULL.
    init?(_ row: borrowing Row, _ column: Int32) {
        guard let algorithm = ChecksumAlgorithm(rawValue: row.text(column)),
            let type = ChecksumType(rawValue: row.text(column + 1))
        else { return nil }
        self.init(algorithm, type, row.text(column + 2))
    }
}

// Put together once, as they run with every request.
private let selectLatest = """
    SELECT \(StoredObject.columns) FROM versions
    WHERE bucket = ?1 AND key = ?2 ORDER BY sequence LIMIT 1
    """
private let selectNull = """
    SELECT \(StoredObject.columns) FROM versions
    WHERE bucket = ?1 AND key = ?2 AND version_id IS NULL
    """
private let selectVersion = """
    SELECT \(StoredObject.columns) FROM versions
    WHERE bucket = ?1 AND key = ?2 AND sequence = ?3 AND version_id = ?4
    """
private let insertVersion = """
    INSERT INTO versions(\(StoredObject.columns))
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
    """

extension Connection {
    /// A version of an object, which may be a delete marker.
    func version(
        _ version: ObjectVersion,
        of key: String,
        in bucketID: Int64
    ) throws -> StoredObject? {
        switch version {
        case .latest:
            try first(selectLatest, .integer(bucketID), .utf8(key)) { StoredObject($0) }
        case .null:
            try first(selectNull, .integer(bucketID), .utf8(key)) { StoredObject($0) }
        case .id(let id):
            try first(
                selectVersion,
                .integer(bucketID),
                .utf8(key),
                .integer(0 &- id.sequence),
                .text(id.text)
            ) { StoredObject($0) }
        }
    }

    /// Whether this version of an object still is in the index.
    func exists(_ object: StoredObject) throws -> Bool {
        try first(
            "SELECT 1 FROM versions WHERE bucket = ?1 AND key = ?2 AND sequence = ?3",
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(-object.sequence)
        ) { _ in true } ?? false
    }

    /// The next number of a counter.
    func next(_ counter: String) throws -> Int64 {
        try first(
            "UPDATE counters SET value = value + 1 WHERE name = ?1 RETURNING value",
            .text(counter)
        ) { $0.integer(0) } ?? 0
    }

    /// Writes a version of an object.
    func insert(_ object: StoredObject) throws {
        try run(
            insertVersion,
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(object.size),
            .text(object.etag),
            .integer(object.modified.milliseconds),
            .blob(object.fields.encoded),
            .text(object.storageClass),
            .text(object.checksum?.algorithm.rawValue),
            .text(object.checksum?.type.rawValue),
            .text(object.checksum?.value),
            .integer(object.partCount.map { Int64($0) }),
            .integer(object.ownerID),
            .text(object.versionID),
            .integer(-object.sequence),
            .integer(object.blobID),
            .integer(object.isDeleteMarker ? 1 : 0),
            .blob(object.tags.encoded),
            .blob(object.lock.encoded),
            .blob(object.encryption?.fields.encoded),
            .integer(object.restoredUntil?.milliseconds)
        )
    }

    /// Tags a version of an object anew.
    func setTags(_ tags: [Field], of object: StoredObject) throws {
        try run(
            "UPDATE versions SET tags = ?4 WHERE bucket = ?1 AND key = ?2 AND sequence = ?3",
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(-object.sequence),
            .blob(tags.encoded)
        )
    }

    /// Removes a version of an object, and lets go of its bytes.
    func remove(_ object: StoredObject, at now: Timestamp) throws {
        try run(
            "DELETE FROM versions WHERE bucket = ?1 AND key = ?2 AND sequence = ?3",
            .integer(object.bucketID),
            .utf8(object.key),
            .integer(-object.sequence)
        )
        try setACL(nil, ofSequence: object.sequence)
        if let blob = object.blobID { try release(blob, at: now) }
        guard object.partCount != nil else { return }
        for part in try parts(of: object) { try release(part.blobID, at: now) }
        try run("DELETE FROM segments WHERE sequence = ?1", .integer(object.sequence))
    }

    /// The parts of an object, in order; none where it was put whole.
    func parts(of object: StoredObject) throws -> [ObjectPart] {
        var offset: Int64 = 0
        return try all(
            "SELECT number, size, checksum, blob FROM segments WHERE sequence = ?1 ORDER BY number",
            .integer(object.sequence)
        ) { row in
            defer { offset += row.integer(1) }
            return ObjectPart(
                number: Int(row.integer(0)),
                offset: offset,
                size: row.integer(1),
                checksum: row.optionalText(2),
                blobID: row.integer(3)
            )
        }
    }

    /// Writes a part of the object of this sequence.
    func insert(_ part: ObjectPart, of sequence: Int64) throws {
        try run(
            "INSERT INTO segments(sequence, number, size, checksum, blob) VALUES (?1, ?2, ?3, ?4, ?5)",
            .integer(sequence),
            .integer(part.number),
            .integer(part.size),
            .text(part.checksum),
            .integer(part.blobID)
        )
    }
}
