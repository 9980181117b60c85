internal import S3Protocol
internal import SQLite

// What a write does to the index, inside its transaction.

/// An object that was written, and whether another was there before.
struct Written: Sendable {
    let object: StoredObject
    let isReplacement: Bool
}

extension Connection {
    /// Puts a new object in the place of the current one.
    ///
    /// `make` makes the object of a sequence, with whatever rows its bytes need. It runs before the
    /// old object goes, so that the new one may share its bytes.
    func replace(
        with key: String,
        in bucket: Bucket,
        at now: Timestamp,
        if check: WriteCheck,
        make: (_ sequence: Int64) throws -> StoredObject
    ) throws -> Written {
        try require(bucket)
        let current = try currentObject(key, in: bucket.id)
        try check(current)
        let object = try make(try next("sequence"))
        if let current { try remove(current, at: now) }
        try insert(object)
        return Written(object: object, isReplacement: current != nil)
    }

    /// Removes the current object of a key, and answers it.
    func delete(
        _ key: String,
        in bucket: Bucket,
        at now: Timestamp,
        if check: WriteCheck
    ) throws -> StoredObject? {
        let current = try currentObject(key, in: bucket.id)
        try check(current)
        if let current { try remove(current, at: now) }
        return current
    }
}

extension StoredObject {
    /// What a new object becomes in the index.
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
        storageClass = new.storageClass
        checksum = new.checksum
        self.partCount = partCount
        ownerID = new.ownerID
        versionID = nil
        self.sequence = sequence
        self.blobID = blobID
    }
}
