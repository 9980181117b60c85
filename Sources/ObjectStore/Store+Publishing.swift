internal import Digests
internal import S3Protocol

// How a body that was staged becomes a blob.

extension Store {
    /// Makes a body as durable as was asked for, before the index may name it.
    ///
    /// `record`, what the blob says about itself, is asked for only where there is a file.
    func publish(
        _ body: StagedBody.Finished,
        record: @escaping @Sendable () -> BlobRecord
    ) async throws -> BlobPlace {
        try health.requireWritable()
        guard let file = body.file else { return .inline(body.bytes) }
        try await publish(file, record: record)
        return .file(file.name)
    }

    /// Makes a new file of bytes and its record.
    func publish(
        _ bytes: [UInt8],
        record: @escaping @Sendable () -> BlobRecord
    ) async throws -> StagedFile {
        try health.requireWritable()
        let (files, name, reserve) = (files, names.next(), reserve)
        let file = try await judging {
            try reserve.hold()
            let file = try StagedFile(name, in: files)
            try unsafe bytes.withUnsafeBytes { try unsafe file.append($0) }
            return file
        }
        try await publish(file, record: record)
        return file
    }

    private func publish(
        _ file: StagedFile,
        record: @escaping @Sendable () -> BlobRecord
    ) async throws {
        let isPersistent = files.isPersistent
        try await judging {
            do {
                if isPersistent {
                    try unsafe record().encoded.withUnsafeBytes { try unsafe file.append($0) }
                }
                try file.publish()
            } catch {
                file.discard()
                throw error
            }
        }
    }

    /// Runs what blocks on a worker, and lets the store's health know what failed.
    private func judging<T: Sendable>(
        _ body: @escaping @Sendable () throws -> T
    ) async throws -> T {
        do { return try await workers.run(body) } catch { throw health.judge(error) }
    }
}

extension BlobRecord {
    /// What the blob of a whole object says about itself.
    init(object: NewObject, body: StagedBody.Finished, in bucket: Bucket, at modified: Timestamp) {
        self.init(
            [Field("kind", BlobKind.object.rawValue)]
                + Self.place(object.key, in: bucket, at: modified)
                + Self.digests(body) + Self.description(object)
        )
    }

    static func place(_ key: String, in bucket: Bucket, at modified: Timestamp) -> [Field] {
        [
            Field("bucket", bucket.name), Field("key", key),
            Field("modified", "\(modified.milliseconds)"),
        ] + (bucket.versioning.map { [Field("versioning", $0.rawValue)] } ?? [])
    }

    static func digests(_ body: StagedBody.Finished) -> [Field] {
        var fields = [Field("size", "\(body.size)")]
        // Where the entity tag hides the MD5, so does the record.
        let showsMD5 = body.sealing?.encryption.showsMD5 ?? true
        fields.append(
            showsMD5 ? Field("md5", Hex.encode(body.digests.md5)) : Field("etag", body.etag)
        )
        fields.append(Field("crc64nvme", Hex.encode(body.digests.crc64)))
        guard let sealing = body.sealing else { return fields }
        return fields + encryption(sealing.encryption)
            + sealing.envelope.fields.map { Field("envelope:\($0.name)", $0.value) }
    }

    static func encryption(_ encryption: ObjectEncryption) -> [Field] {
        encryption.fields.map { Field("encryption:\($0.name)", $0.value) }
    }

    static func description(_ object: NewObject) -> [Field] {
        var fields = [
            Field("owner", "\(object.ownerID)"), Field("storage-class", object.storageClass),
        ]
        if let etag = object.etag { fields.append(Field("etag", etag)) }
        if let checksum = object.checksum {
            fields.append(
                Field(
                    "checksum",
                    "\(checksum.algorithm.rawValue) \(checksum.type.rawValue) \(checksum.value)"
                )
            )
        }
        if object.lock != .none {
            fields.append(Field("lock", String(decoding: object.lock.encoded, as: UTF8.self)))
        }
        return fields + object.fields.map { Field("field:\($0.name)", $0.value) }
            + object.tags.map { Field("tag:\($0.name)", $0.value) }
    }
}
