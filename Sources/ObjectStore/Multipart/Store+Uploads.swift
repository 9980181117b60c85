internal import Digests
public import S3Protocol
internal import SQLite

extension Store {
    /// Begins an upload in parts.
    ///
    /// - Throws: `NoSuchBucket`, or what writing to the index throws.
    public func createUpload(_ new: NewUpload, in bucket: Bucket) async throws -> Upload {
        let now = configuration.time.now()
        let upload = Upload(
            id: uploadID(at: now),
            bucketID: bucket.id,
            key: new.object.key,
            initiated: now,
            ownerID: new.object.ownerID,
            storageClass: new.object.storageClass,
            checksumAlgorithm: new.checksumAlgorithm,
            checksumType: new.checksumType,
            fields: new.object.fields,
            tags: new.object.tags,
            lock: new.object.lock,
            encryption: new.object.encryption,
            result: nil
        )
        try await index.write { connection in
            try connection.require(bucket)
            try connection.insert(upload)
            try connection.setACL(new.object.acl, ofUpload: upload.id)
        }
        return upload
    }

    /// The upload of an identifier.
    ///
    /// - Parameters:
    ///   - id: What the client knows it by.
    ///   - key: The key it must be for.
    ///   - bucket: The bucket it must be for.
    ///   - orCompleted: Whether one that is completed will do too, for a client that asks for that again.
    /// - Returns: The upload.
    /// - Throws: `NoSuchUpload`.
    public func upload(
        _ id: String,
        key: String,
        in bucket: Bucket,
        orCompleted: Bool = false
    ) throws -> Upload {
        let found = try index.read { try $0.upload(id, key: key, in: bucket.id) }
        guard let found, orCompleted || found.result == nil else { throw S3Error.noUpload(id) }
        return found
    }

    /// Makes a body a part of an upload, in place of the part of this number.
    ///
    /// It is as durable as an object when this returns.
    ///
    /// - Parameters:
    ///   - number: From 1 to 10,000.
    ///   - upload: The upload.
    ///   - body: The part's bytes.
    ///   - bucket: The upload's bucket.
    ///   - checksum: The part's own, where one was given; one in the upload's algorithm is added
    ///     where the body was staged with it.
    /// - Returns: The part.
    /// - Throws: `NoSuchUpload` where the upload ended meanwhile; else as ``put(_:body:in:if:)``.
    public func putPart(
        _ number: Int,
        of upload: Upload,
        body: StagedBody.Finished,
        in bucket: Bucket,
        checksum: Checksum? = nil
    ) async throws -> UploadedPart {
        let modified = configuration.time.now()
        let checksum =
            checksum
            ?? upload.checksumAlgorithm.flatMap { algorithm in
                body.digests[algorithm].map { Checksum(algorithm, .fullObject, Base64.encode($0)) }
            }
        let record: @Sendable () -> BlobRecord = {
            BlobRecord(part: number, of: upload, body: body, in: bucket, at: modified)
        }
        let place: BlobPlace
        var file = body.file
        if file == nil, files.isPersistent {
            // Never inline: an object of parts could not be rebuilt from its blobs with one of them missing.
            let new = try await publish(body.bytes, record: record)
            (file, place) = (new, .file(new.name))
        } else {
            place = try await publish(body, record: record)
        }
        let name = file?.name
        return try await index.write(keeping: file) { connection in
            try connection.requireOpen(upload)
            let part = UploadedPart(
                number: number,
                size: body.size,
                etag: body.etag,
                modified: modified,
                checksum: checksum,
                crc64: body.digests.crc64,
                blobID: try connection.insertBlob(
                    place,
                    size: body.size,
                    crc64: body.digests.crc64,
                    md5: body.knownMD5,
                    envelope: body.sealing?.envelope
                ),
                blobName: name
            )
            try connection.replace(part, of: upload)
            return part
        }
    }

    /// A page of the parts of an upload.
    ///
    /// - Throws: `NoSuchUpload`.
    public func parts(of upload: Upload, after number: Int = 0, limit: Int) throws -> PartListing {
        let limit = max(0, min(limit, 10_000))
        return try index.readTogether { connection in
            try connection.requireOpen(upload)
            let parts = try connection.parts(of: upload, after: number, limit: limit + 1)
            return PartListing(
                parts: Array(parts.prefix(limit)),
                isTruncated: limit > 0 && parts.count > limit
            )
        }
    }

    /// Ends an upload and removes its parts.
    ///
    /// - Throws: `NoSuchUpload`, or what writing to the index throws.
    public func abort(_ upload: Upload) async throws {
        let now = configuration.time.now()
        try await index.write(for: .freeing) { connection in
            try connection.requireOpen(upload)
            try connection.remove(upload, at: now)
        }
    }

    /// Identifiers that begin with the time, so that their order is the order in which uploads began.
    private func uploadID(at now: Timestamp) -> String {
        let time = (0..<6).map { UInt8(truncatingIfNeeded: now.milliseconds >> (40 - 8 * $0)) }
        return Hex.encode(time + configuration.random.bytes(26))
    }
}

extension BlobRecord {
    /// What the blob of a part says about itself.
    init(
        part number: Int,
        of upload: Upload,
        body: StagedBody.Finished,
        in bucket: Bucket,
        at modified: Timestamp
    ) {
        self.init(
            [
                Field("kind", BlobKind.part.rawValue), Field("upload", upload.id),
                Field("part", "\(number)"),
            ]
                + Self.place(upload.key, in: bucket, at: modified) + Self.digests(body)
        )
    }
}
