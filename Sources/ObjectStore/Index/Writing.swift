internal import Digests
internal import S3Protocol
internal import SQLite

// What a write does to the index, inside its transaction.

extension Connection {
    /// Makes a new object the latest version at its key.
    ///
    /// Where the bucket keeps versions, the ones before stay; else the version without an
    /// identifier goes. `make` makes the object of a sequence, with whatever rows its bytes need. It
    /// runs before the old object goes, so that the new one may share its bytes.
    func replace(
        with key: String,
        in bucket: Bucket,
        at now: Timestamp,
        random: any RandomSource,
        if check: WriteCheck,
        make: (_ sequence: Int64) throws -> StoredObject
    ) throws -> StoredObject {
        let versioning = try require(bucket).versioning
        let latest = try version(.latest, of: key, in: bucket.id)
        try check(latest?.isDeleteMarker == true ? nil : latest)
        let sequence = try next("sequence")
        var object = try make(sequence)
        var old: StoredObject?
        switch versioning {
        case nil: old = latest
        case .suspended: old = try version(.null, of: key, in: bucket.id)
        case .enabled: object.versionID = VersionID(sequence: sequence, random: random).text
        }
        if let old { try remove(old, at: now) }
        try insert(object)
        return object
    }

    /// Carries out a deletion.
    ///
    /// Without a version named, a bucket that keeps versions gets a delete marker; with one, exactly
    /// that version goes, and the one before it is the latest again.
    func delete(
        _ deletion: Deletion,
        in bucket: Bucket,
        at now: Timestamp,
        random: any RandomSource
    ) throws -> Deleted {
        let found = try version(deletion.version, of: deletion.key, in: bucket.id)
        try deletion.check(found?.isDeleteMarker == true ? nil : found)
        guard deletion.version == .latest, let versioning = bucket.versioning else {
            if let found { try remove(found, at: now) }
            return Deleted(removed: found, marker: nil)
        }
        let sequence = try next("sequence")
        var marker = StoredObject(
            NewObject(key: deletion.key, ownerID: deletion.ownerID),
            size: 0,
            etag: "",
            bucketID: bucket.id,
            at: now,
            sequence: sequence,
            blobID: nil
        )
        marker.isDeleteMarker = true
        var old: StoredObject?
        switch versioning {
        case .enabled: marker.versionID = VersionID(sequence: sequence, random: random).text
        case .suspended: old = try version(.null, of: deletion.key, in: bucket.id)
        }
        if let old { try remove(old, at: now) }
        try insert(marker)
        return Deleted(removed: old, marker: marker)
    }
}

extension StoredObject {
    /// What a new object becomes in the index, still without an identifier of its version.
    init(
        _ new: NewObject,
        size: Int64,
        etag: String,
        partCount: Int? = nil,
        bucketID: Int64,
        at modified: Timestamp,
        sequence: Int64,
        blobID: Int64?
    ) {
        self.bucketID = bucketID
        key = new.key
        self.size = size
        self.etag = etag
        self.modified = modified
        fields = new.fields
        tags = new.tags
        lock = new.lock
        encryption = new.encryption
        storageClass = new.storageClass
        restoredUntil = nil
        checksum = new.checksum
        self.partCount = partCount
        ownerID = new.ownerID
        versionID = nil
        isDeleteMarker = false
        self.sequence = sequence
        self.blobID = blobID
    }
}
