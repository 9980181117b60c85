internal import NIOCore
public import S3Protocol
internal import SQLite
import Synchronization

/// Decides, with the object that is there now, whether a write may happen, and throws where it may not.
///
/// It runs inside the transaction, so nothing can come between it and the write; it must be quick.
public typealias WriteCheck = @Sendable (_ current: StoredObject?) throws -> Void

extension Store {
    /// The object at a key, or `nil` where there is none or its latest version is a delete marker.
    public func object(_ key: String, in bucket: Bucket) throws -> StoredObject? {
        let latest = try index.version(.latest, of: key, in: bucket.id)
        return latest?.isDeleteMarker == true ? nil : latest
    }

    /// A version of an object, which may be a delete marker, or `nil` where there is none.
    public func version(
        _ version: ObjectVersion,
        of key: String,
        in bucket: Bucket
    ) throws -> StoredObject? {
        try index.version(version, of: key, in: bucket.id)
    }

    /// The parts an object was uploaded in, in order; none where it was put whole.
    ///
    /// - Throws: ``ContentGone`` where the object has been replaced.
    public func parts(of object: StoredObject) throws -> [ObjectPart] {
        guard object.partCount != nil else { return [] }
        return try index.readTogether { connection in
            guard try connection.exists(object) else { throw ContentGone() }
            return try connection.parts(of: object)
        }
    }

    /// Makes a body the object at a key, in place of what was there.
    ///
    /// - Throws: What `check` throws; `NoSuchBucket` where the bucket went meanwhile;
    ///   `ServiceUnavailable` where the disk is full or failing. The key then holds what it held.
    public func put(
        _ new: NewObject,
        body: StagedBody.Finished,
        in bucket: Bucket,
        telling announcement: Announcement? = nil,
        if check: @escaping WriteCheck = { _ in }
    ) async throws -> StoredObject {
        let (modified, random) = (configuration.time.now(), configuration.random)
        let place = try await publish(body) {
            BlobRecord(object: new, body: body, in: bucket, at: modified)
        }
        return try await write(telling: announcement, at: modified, keeping: body.file) {
            connection in
            try connection.replace(
                with: new.key,
                in: bucket,
                at: modified,
                random: random,
                if: check
            ) { sequence in
                if let acl = new.acl { try connection.setACL(acl, ofSequence: sequence) }
                return StoredObject(
                    new,
                    size: body.size,
                    etag: new.etag ?? body.etag,
                    bucketID: bucket.id,
                    at: modified,
                    sequence: sequence,
                    blobID: try connection.insertBlob(
                        place,
                        size: body.size,
                        crc64: body.digests.crc64,
                        md5: body.knownMD5,
                        envelope: body.sealing?.envelope
                    )
                )
            }
        }
    }

    /// Makes the bytes of one object those of another too, without copying them.
    ///
    /// Size, parts and, where `new` names none, the entity tag and the checksum are the source's. So is the encryption,
    /// which `new` must share.
    ///
    /// - Throws: As ``put(_:body:in:if:)``, and ``ContentGone`` where the source has been replaced or deleted.
    public func link(
        _ new: NewObject,
        contentOf source: StoredObject,
        in bucket: Bucket,
        telling announcement: Announcement? = nil,
        if check: @escaping WriteCheck = { _ in }
    ) async throws -> StoredObject {
        let (modified, random) = (configuration.time.now(), configuration.random)
        return try await write(telling: announcement, at: modified) { connection in
            try connection.replace(
                with: new.key,
                in: bucket,
                at: modified,
                random: random,
                if: check
            ) { sequence in
                guard try connection.exists(source) else { throw ContentGone() }
                for part in try connection.parts(of: source) {
                    guard try connection.retain(part.blobID) else { throw ContentGone() }
                    try connection.insert(part, of: sequence)
                }
                if let blob = source.blobID, try !connection.retain(blob) { throw ContentGone() }
                var new = new
                if let acl = new.acl { try connection.setACL(acl, ofSequence: sequence) }
                new.checksum = new.checksum ?? source.checksum
                return StoredObject(
                    new,
                    size: source.size,
                    etag: new.etag ?? source.etag,
                    partCount: source.partCount,
                    bucketID: bucket.id,
                    at: modified,
                    sequence: sequence,
                    blobID: source.blobID
                )
            }
        }
    }

    /// Writes an object, and tells of it in the same transaction.
    ///
    /// - Parameters:
    ///   - announcement: Who is told; `nil` for nobody.
    ///   - modified: When it was written.
    ///   - file: As for ``Index/write(for:keeping:_:committed:)``.
    ///   - body: Writes the object, and answers it.
    /// - Returns: The object.
    /// - Throws: What `body` throws, else as ``Index/write(for:keeping:_:committed:)``.
    func write(
        telling announcement: Announcement?,
        at modified: Timestamp,
        keeping file: StagedFile? = nil,
        _ body: @escaping @Sendable (Connection) throws -> StoredObject
    ) async throws -> StoredObject {
        try await index.write(keeping: file) { connection in
            let object = try body(connection)
            try self.mailbox.announce(
                .written,
                of: object,
                by: announcement,
                at: modified,
                on: connection
            )
            return object
        } committed: { _ in
            if announcement != nil { self.mailbox.ring() }
        }
    }

    /// Deletes an object, or hides it behind a delete marker where its bucket keeps versions.
    ///
    /// Deleting what is not there is no error.
    ///
    /// - Throws: What the deletion's check throws, or `NoSuchBucket`.
    @discardableResult
    public func delete(
        _ deletion: Deletion,
        in bucket: Bucket,
        telling announcement: Announcement? = nil
    ) async throws -> Deleted {
        let now = configuration.time.now()
        return try await index.writeMakingRoom { connection, mayAdd in
            let bucket = try connection.require(bucket)
            guard mayAdd else {
                return try self.deleteOnFullDisk(
                    deletion,
                    in: bucket,
                    at: now,
                    announcement,
                    on: connection
                )
            }
            return try self.delete(deletion, in: bucket, at: now, announcement, on: connection)
        } committed: { _ in
            if announcement != nil { self.mailbox.ring() }
        }
    }

    /// Carries a deletion out and tells of it, inside a transaction.
    func delete(
        _ deletion: Deletion,
        in bucket: Bucket,
        at now: Timestamp,
        _ announcement: Announcement?,
        on connection: Connection
    ) throws -> Deleted {
        let deleted = try connection.delete(
            deletion,
            in: bucket,
            at: now,
            random: configuration.random
        )
        if let object = deleted.marker ?? deleted.removed {
            try mailbox.announce(
                deleted.marker == nil ? .removed : .hidden,
                of: object,
                by: announcement,
                at: now,
                on: connection
            )
        }
        return deleted
    }

    /// Deletes many objects in one transaction.
    ///
    /// - Returns: For each in order what became of it, or the ``S3Error`` that its check threw.
    /// - Throws: `NoSuchBucket`, or what the disk does; then none is deleted.
    public func delete(
        _ deletions: [Deletion],
        in bucket: Bucket,
        telling announcement: Announcement? = nil
    ) async throws -> [Result<Deleted, S3Error>] {
        let now = configuration.time.now()
        return try await index.writeMakingRoom { connection, mayAdd in
            let bucket = try connection.require(bucket)
            return try deletions.map { deletion in
                do {
                    guard mayAdd else {
                        let done = try self.deleteOnFullDisk(
                            deletion,
                            in: bucket,
                            at: now,
                            announcement,
                            on: connection
                        )
                        return .success(done)
                    }
                    let done = try self.delete(
                        deletion,
                        in: bucket,
                        at: now,
                        announcement,
                        on: connection
                    )
                    return .success(done)
                } catch let error as S3Error {
                    return .failure(error)
                }
            }
        } committed: { _ in
            if announcement != nil { self.mailbox.ring() }
        }
    }

    /// Carries a deletion out where there is room for nothing: nobody is told, and no marker is added that hides what stays.
    ///
    /// - Throws: `ServiceUnavailable` where nothing would go.
    func deleteOnFullDisk(
        _ deletion: Deletion,
        in bucket: Bucket,
        at now: Timestamp,
        _ announcement: Announcement?,
        on connection: Connection
    ) throws -> Deleted {
        try connection.savepoint {
            let deleted = try self.delete(deletion, in: bucket, at: now, nil, on: connection)
            guard deleted.removed != nil || deleted.marker == nil else {
                throw S3Error(
                    .serviceUnavailable,
                    logged: "the disk is full, and a delete marker makes no room"
                )
            }
            if let removed = deleted.removed, let announcement {
                mailbox.omit(.removed, of: removed, by: announcement, at: now)
            }
            return deleted
        }
    }
}
