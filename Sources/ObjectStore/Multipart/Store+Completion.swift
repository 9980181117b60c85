internal import Digests
internal import S3Protocol
internal import SQLite

extension Store {
    /// How long a completed upload is remembered, in seconds: as long as a client may ask again.
    private static let memory: Int64 = 24 * 60 * 60

    /// Makes the parts that the client names one object.
    ///
    /// Parts that it does not name are removed.
    ///
    /// Asked again for an upload that is completed, it gives the same answer and changes nothing.
    ///
    /// - Throws: `InvalidPart`, `InvalidPartOrder`, `EntityTooSmall`, `EntityTooLarge`, `InvalidRequest`, `BadDigest`,
    ///   `NoSuchUpload`; else as ``put(_:body:in:if:)``. The upload is then as it was.
    public func complete(
        _ upload: Upload,
        with completion: Completion,
        in bucket: Bucket,
        telling announcement: Announcement? = nil,
        if check: @escaping WriteCheck = { _ in }
    ) async throws -> StoredObject {
        let (modified, random) = (configuration.time.now(), configuration.random)
        do {
            // Of 10,000 parts this takes too long for a thread that serves sockets.
            let assembly = try await workers.run { [index] in
                let parts = try index.readTogether { try $0.partsToAssemble(of: upload) }
                return try Assembly(completion, of: upload, from: parts)
            }
            let manifest = try await publishManifest(of: assembly, upload, in: bucket, at: modified)
            return try await write(telling: announcement, at: modified, keeping: manifest) {
                connection in
                // One of the parts, which the manifest names as they were, was uploaded anew since.
                let current = try connection.partsToAssemble(of: upload)
                guard Set(current).isSuperset(of: assembly.parts) else {
                    throw S3Error(.conditionalRequestConflict)
                }
                let damaged = try connection.damagedParts(of: upload)
                guard damaged.isDisjoint(with: assembly.parts.map(\.number)) else {
                    throw S3Error(.invalidPart, logged: "the bytes of a part are damaged")
                }
                try connection.forgetUploads(
                    completedBefore: modified.advanced(bySeconds: -Self.memory)
                )
                return try connection.complete(
                    upload,
                    assembly,
                    manifest: manifest?.name,
                    retention: completion.defaultRetention,
                    in: bucket,
                    at: modified,
                    random: random,
                    if: check
                )
            }
        } catch let done as CompletedAlready {
            return done.object
        }
    }

    /// A small durable file that says which parts make up the object.
    ///
    /// In memory nobody would read it.
    private func publishManifest(
        of assembly: Assembly,
        _ upload: Upload,
        in bucket: Bucket,
        at modified: Timestamp
    ) async throws -> StagedFile? {
        guard files.isPersistent else { return nil }
        return try await publish([]) {
            BlobRecord(manifestOf: assembly, upload, in: bucket, at: modified)
        }
    }
}

/// There is nothing left to do, and this is what the answer was.
private struct CompletedAlready: Error {
    let object: StoredObject
}

extension Connection {
    /// The parts of an upload that is under way, or a throw of what it became.
    fileprivate func partsToAssemble(of upload: Upload) throws -> [UploadedPart] {
        guard let found = try self.upload(upload.id, key: upload.key, in: upload.bucketID) else {
            throw S3Error.noUpload(upload.id)
        }
        if let result = found.result { throw CompletedAlready(object: result) }
        return try parts(of: upload)
    }

    fileprivate func complete(
        _ upload: Upload,
        _ assembly: Assembly,
        manifest: String?,
        retention: ObjectLock.Retention?,
        in bucket: Bucket,
        at now: Timestamp,
        random: any RandomSource,
        if check: WriteCheck
    ) throws -> StoredObject {
        let object = try replace(
            with: upload.key,
            in: bucket,
            at: now,
            random: random,
            if: check
        ) { sequence in
            try moveParts(assembly, of: upload, to: sequence, at: now)
            try moveACL(ofUpload: upload.id, toSequence: sequence)
            var new = upload.newObject(checksum: assembly.checksum)
            new.lock.retention = new.lock.retention ?? retention
            return StoredObject(
                new,
                size: assembly.size,
                etag: assembly.etag,
                partCount: assembly.parts.count,
                bucketID: bucket.id,
                at: now,
                sequence: sequence,
                blobID: try manifest.map {
                    try insertBlob(
                        .file($0),
                        size: 0,
                        crc64: [UInt8](repeating: 0, count: 8),
                        md5: nil
                    )
                }
            )
        }
        try finish(upload, as: object)
        return object
    }

    /// Hands the parts that were named over to the object, and lets go of the others.
    private func moveParts(
        _ assembly: Assembly,
        of upload: Upload,
        to sequence: Int64,
        at now: Timestamp
    ) throws {
        let named = Set(assembly.parts.map(\.number))
        for part in try parts(of: upload) where !named.contains(part.number) {
            try release(part.blobID, at: now)
        }
        try run("DELETE FROM upload_parts WHERE upload = ?1", .text(upload.id))
        var offset: Int64 = 0
        for part in assembly.parts {
            try insert(
                ObjectPart(
                    number: part.number,
                    offset: offset,
                    size: part.size,
                    checksum: part.checksum(of: assembly.checksum.algorithm),
                    blobID: part.blobID
                ),
                of: sequence
            )
            offset += part.size
        }
    }
}

extension BlobRecord {
    /// What the manifest of an object of parts says: all of the object but its bytes.
    fileprivate init(
        manifestOf assembly: Assembly,
        _ upload: Upload,
        in bucket: Bucket,
        at modified: Timestamp
    ) {
        var object = upload.newObject(checksum: assembly.checksum)
        object.etag = assembly.etag
        self.init(
            [
                Field("kind", BlobKind.manifest.rawValue), Field("upload", upload.id),
                Field("size", "\(assembly.size)"),
            ] + Self.place(upload.key, in: bucket, at: modified) + Self.description(object)
                + (upload.encryption.map { Self.encryption($0) } ?? [])
                + assembly.parts.map { part in
                    Field("part", part.inManifest(of: assembly.checksum.algorithm))
                }
        )
    }
}

extension UploadedPart {
    /// Its checksum, where it has one of the object's algorithm.
    fileprivate func checksum(of algorithm: ChecksumAlgorithm) -> String? {
        checksum?.algorithm == algorithm ? checksum?.value : nil
    }

    /// Number, length, blob and, where it has one of the object's algorithm, checksum.
    fileprivate func inManifest(of algorithm: ChecksumAlgorithm) -> String {
        let known = [blobName ?? "", checksum(of: algorithm)].compactMap(\.self)
        return (["\(number)", "\(size)"] + known).joined(separator: " ")
    }
}
