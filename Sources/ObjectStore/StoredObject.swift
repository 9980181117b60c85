public import S3Protocol

/// An object that is to be written.
public struct NewObject: Sendable {
    /// The key.
    public var key: String
    /// The account that owns it.
    public var ownerID: Account.ID
    /// `content-type`, `cache-control`, `x-amz-meta-…`, in the order in which they are to come back.
    public var fields: [Field]
    /// What it is tagged with, in order.
    public var tags: [Field]
    /// What keeps it from being deleted.
    public var lock = ObjectLock.none
    /// How it is encrypted, which must be how its body was staged; `nil` where it is clear.
    public var encryption: ObjectEncryption?
    /// Its access control list, as whoever gives it reads it; `nil` for none.
    public var acl: [UInt8]?
    /// The storage class, which is only remembered.
    public var storageClass: String
    /// The checksum that goes with the object, which must be the body's own.
    public var checksum: Checksum?
    /// The entity tag, without quotes; `nil` for the body's own.
    public var etag: String?

    /// Describes an object.
    public init(
        key: String,
        ownerID: Account.ID,
        fields: [Field] = [],
        tags: [Field] = [],
        storageClass: String = "STANDARD",
        checksum: Checksum? = nil,
        etag: String? = nil
    ) {
        self.key = key
        self.ownerID = ownerID
        self.fields = fields
        self.tags = tags
        self.storageClass = storageClass
        self.checksum = checksum
        self.etag = etag
    }
}

/// An object as it is in the index.
public struct StoredObject: Sendable, Hashable {
    /// The bucket it is in.
    public let bucketID: Int64
    /// Its key.
    public let key: String
    /// Its length in bytes.
    public let size: Int64
    /// Its entity tag, without quotes.
    public let etag: String
    /// When it was written.
    public let modified: Timestamp
    /// What was given with it, in the order in which it was given.
    public let fields: [Field]
    /// What it is tagged with, in order.
    public let tags: [Field]
    /// What keeps it from being deleted.
    public let lock: ObjectLock
    /// How it is encrypted; `nil` where it is clear.
    public let encryption: ObjectEncryption?
    /// Its storage class.
    public let storageClass: String
    /// Until when it can be read although it is archived, if it was restored.
    public let restoredUntil: Timestamp?
    /// Its checksum, where one was given or computed.
    public let checksum: Checksum?
    /// How many parts it was made of; `nil` for one that was put whole.
    public let partCount: Int?
    /// The account that owns it.
    public let ownerID: Account.ID
    /// Its version's identifier; `nil` for the version `null`, written while its bucket kept none.
    public internal(set) var versionID: String?
    /// Whether it only says that the object was deleted; it has no content then.
    public internal(set) var isDeleteMarker: Bool

    /// Grows with each write in the store; it names this version of the object and no other.
    let sequence: Int64
    /// The row of its body, or of its manifest where it is made of parts.
    let blobID: Int64?

    /// The value of a field.
    public subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// A part of an object that was uploaded in parts.
public struct ObjectPart: Sendable, Hashable {
    /// Its number, from 1 to 10,000.
    public let number: Int
    /// Where it begins in the object, in bytes.
    public let offset: Int64
    /// Its length in bytes.
    public let size: Int64
    /// Its checksum, in base64, in the object's algorithm.
    public let checksum: String?
    /// The row of its bytes.
    let blobID: Int64
}
