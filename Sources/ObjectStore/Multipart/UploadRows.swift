internal import S3Protocol
internal import SQLite

// The rows of `uploads` and `upload_parts`.

extension Upload {
    /// The columns that ``init(_:)`` reads.
    static let columns = """
        bucket, key, id, initiated, owner, storage_class, checksum_algorithm, checksum_type, fields, \
        result_sequence, result_size, result_etag, result_modified, result_checksum, result_part_count, \
        result_version_id, tags, lock, encryption
        """

    init(_ row: borrowing Row) {
        bucketID = row.integer(0)
        key = row.text(1)
        id = row.text(2)
        initiated = Timestamp(milliseconds: row.integer(3))
        ownerID = row.integer(4)
        storageClass = row.text(5)
        checksumAlgorithm = row.optionalText(6).flatMap { ChecksumAlgorithm(rawValue: $0) }
        checksumType = row.optionalText(7).flatMap { ChecksumType(rawValue: $0) }
        fields = unsafe row.withBytes(8) { unsafe [Field](encoded: $0) } ?? []
        tags = unsafe row.withBytes(16) { unsafe [Field](encoded: $0) } ?? []
        lock = ObjectLock(row, 17)
        encryption = ObjectEncryption(row, 18)
        result = nil
    }

    /// The upload with what it became.
    func completed(_ row: borrowing Row) -> Upload {
        guard let sequence = row.optionalInteger(9) else { return self }
        let (algorithm, type) = effectiveChecksum
        var object = StoredObject(
            newObject(checksum: Checksum(algorithm, type, row.text(13))),
            size: row.integer(10),
            etag: row.text(11),
            partCount: Int(row.integer(14)),
            bucketID: bucketID,
            at: Timestamp(milliseconds: row.integer(12)),
            sequence: sequence,
            blobID: nil
        )
        object.versionID = row.optionalText(15)
        return Upload(self, result: object)
    }

    private init(_ upload: Upload, result: StoredObject) {
        id = upload.id
        bucketID = upload.bucketID
        key = upload.key
        initiated = upload.initiated
        ownerID = upload.ownerID
        storageClass = upload.storageClass
        checksumAlgorithm = upload.checksumAlgorithm
        checksumType = upload.checksumType
        fields = upload.fields
        tags = upload.tags
        lock = upload.lock
        encryption = upload.encryption
        self.result = result
    }

    /// What the upload was for.
    func newObject(checksum: Checksum?) -> NewObject {
        var object = NewObject(
            key: key,
            ownerID: ownerID,
            fields: fields,
            tags: tags,
            storageClass: storageClass,
            checksum: checksum
        )
        object.lock = lock
        object.encryption = encryption
        return object
    }
}

extension Connection {
    /// An upload, also one that is completed and remembered.
    func upload(_ id: String, key: String, in bucketID: Int64) throws -> Upload? {
        try first(
            "SELECT \(Upload.columns) FROM uploads WHERE bucket = ?1 AND key = ?2 AND id = ?3",
            .integer(bucketID),
            .utf8(key),
            .text(id)
        ) { Upload($0).completed($0) }
    }

    /// Fails where the upload has been completed or aborted.
    func requireOpen(_ upload: Upload) throws {
        guard let found = try self.upload(upload.id, key: upload.key, in: upload.bucketID),
            found.result == nil
        else { throw S3Error.noUpload(upload.id) }
    }

    func insert(_ upload: Upload) throws {
        try run(
            """
            INSERT INTO uploads(bucket, key, id, initiated, owner, storage_class, checksum_algorithm,
                checksum_type, fields, tags, lock, encryption)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """,
            .integer(upload.bucketID),
            .utf8(upload.key),
            .text(upload.id),
            .integer(upload.initiated.milliseconds),
            .integer(upload.ownerID),
            .text(upload.storageClass),
            .text(upload.checksumAlgorithm?.rawValue),
            .text(upload.checksumType?.rawValue),
            .blob(upload.fields.encoded),
            .blob(upload.tags.encoded),
            .blob(upload.lock.encoded),
            .blob(upload.encryption?.fields.encoded)
        )
    }

    /// Remembers what an upload became, so that asking again gets the same answer.
    func finish(_ upload: Upload, as object: StoredObject) throws {
        try run(
            """
            UPDATE uploads SET result_sequence = ?4, result_size = ?5, result_etag = ?6, result_modified = ?7,
                result_checksum = ?8, result_part_count = ?9, result_version_id = ?10 WHERE bucket = ?1 AND key = ?2 AND id = ?3
            """,
            .integer(upload.bucketID),
            .utf8(upload.key),
            .text(upload.id),
            .integer(object.sequence),
            .integer(object.size),
            .text(object.etag),
            .integer(object.modified.milliseconds),
            .text(object.checksum?.value),
            .integer(object.partCount.map { Int64($0) }),
            .text(object.versionID)
        )
    }

    /// Forgets the uploads that were completed before a moment.
    func forgetUploads(completedBefore moment: Timestamp) throws {
        try run(
            "DELETE FROM uploads WHERE result_sequence IS NOT NULL AND result_modified < ?1",
            .integer(moment.milliseconds)
        )
    }

    /// Removes an upload with all its parts.
    func remove(_ upload: Upload, at now: Timestamp) throws {
        for part in try parts(of: upload) { try release(part.blobID, at: now) }
        try run("DELETE FROM upload_parts WHERE upload = ?1", .text(upload.id))
        try removeACL(ofUpload: upload.id)
        try run(
            "DELETE FROM uploads WHERE bucket = ?1 AND key = ?2 AND id = ?3",
            .integer(upload.bucketID),
            .utf8(upload.key),
            .text(upload.id)
        )
    }

    /// Removes all uploads of a bucket, those that are only remembered too.
    func removeUploads(of bucket: Bucket, at now: Timestamp) throws {
        for upload in try uploads(of: bucket) { try remove(upload, at: now) }
    }

    /// Uploads of a bucket, those that are only remembered too.
    func uploads(of bucket: Bucket, limit: Int = .max) throws -> [Upload] {
        try all(
            "SELECT \(Upload.columns) FROM uploads WHERE bucket = ?1 LIMIT ?2",
            .integer(bucket.id),
            .integer(limit)
        ) { Upload($0) }
    }

    // MARK: Parts

    /// The parts of an upload with larger numbers than one, in order.
    func parts(of upload: Upload, after number: Int = 0, limit: Int = .max) throws -> [UploadedPart]
    {
        try all(
            """
            SELECT number, upload_parts.size, etag, modified, checksum_algorithm, checksum, crc64, blob, name
            FROM upload_parts JOIN blobs ON blobs.id = blob
            WHERE upload = ?1 AND number > ?2 ORDER BY number LIMIT ?3
            """,
            .text(upload.id),
            .integer(number),
            .integer(limit)
        ) { row in
            UploadedPart(
                number: Int(row.integer(0)),
                size: row.integer(1),
                etag: row.text(2),
                modified: Timestamp(milliseconds: row.integer(3)),
                checksum: ChecksumAlgorithm(rawValue: row.text(4)).map {
                    Checksum($0, .fullObject, row.text(5))
                },
                crc64: row.blob(6),
                blobID: row.integer(7),
                blobName: row.optionalText(8)
            )
        }
    }

    /// The numbers of the parts whose bytes are known to be bad.
    func damagedParts(of upload: Upload) throws -> Set<Int> {
        Set(
            try all(
                """
                SELECT number FROM upload_parts JOIN blobs ON blobs.id = blob
                WHERE upload = ?1 AND damage IS NOT NULL
                """,
                .text(upload.id)
            ) { Int($0.integer(0)) }
        )
    }

    /// Writes a part in the place of the one of its number.
    func replace(_ part: UploadedPart, of upload: Upload) throws {
        let old = try first(
            "SELECT blob FROM upload_parts WHERE upload = ?1 AND number = ?2",
            .text(upload.id),
            .integer(part.number)
        ) { $0.integer(0) }
        if let old { try release(old, at: part.modified) }
        try run(
            """
            INSERT OR REPLACE INTO upload_parts(upload, number, size, etag, modified, checksum_algorithm,
                checksum, blob) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            .text(upload.id),
            .integer(part.number),
            .integer(part.size),
            .text(part.etag),
            .integer(part.modified.milliseconds),
            .text(part.checksum?.algorithm.rawValue),
            .text(part.checksum?.value),
            .integer(part.blobID)
        )
    }
}
