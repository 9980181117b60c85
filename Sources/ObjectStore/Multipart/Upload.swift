public import S3Protocol

/// An upload in parts that is to begin.
public struct NewUpload: Sendable {
    /// What the object will be; its entity tag and checksum follow from the parts.
    public var object: NewObject
    /// The algorithm of its checksums, where one was chosen.
    public var checksumAlgorithm: ChecksumAlgorithm?
    /// What the object's checksum will be the checksum of, where that was chosen.
    public var checksumType: ChecksumType?

    /// Describes an upload.
    public init(
        object: NewObject,
        checksumAlgorithm: ChecksumAlgorithm? = nil,
        checksumType: ChecksumType? = nil
    ) {
        self.object = object
        self.checksumAlgorithm = checksumAlgorithm
        self.checksumType = checksumType
    }
}

/// An upload in parts.
public struct Upload: Sendable, Hashable {
    /// What the client knows it by.
    ///
    /// Later uploads have larger ones.
    public let id: String
    /// The bucket it is for.
    public let bucketID: Int64
    /// The key it is for.
    public let key: String
    /// When it began.
    public let initiated: Timestamp
    /// The account that owns it.
    public let ownerID: Account.ID
    /// The storage class of the object to be.
    public let storageClass: String
    /// The algorithm of its checksums, where one was chosen.
    public let checksumAlgorithm: ChecksumAlgorithm?
    /// What the object's checksum will be the checksum of, where that was chosen.
    public let checksumType: ChecksumType?
    /// What will travel with the object.
    public let fields: [Field]
    /// What the object will be tagged with.
    public let tags: [Field]
    /// What will keep the object from being deleted.
    public let lock: ObjectLock
    /// How its parts and the object are encrypted; `nil` where they are clear.
    public let encryption: ObjectEncryption?
    /// What it became; `nil` while it is under way.
    public let result: StoredObject?

    /// The checksum that the object gets: where none was chosen, S3 computes CRC-64/NVME.
    ///
    /// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
    public var effectiveChecksum: (algorithm: ChecksumAlgorithm, type: ChecksumType) {
        let algorithm = checksumAlgorithm ?? .crc64nvme
        return (algorithm, checksumType ?? (algorithm == .crc64nvme ? .fullObject : .composite))
    }
}

/// A part that has been uploaded.
public struct UploadedPart: Sendable, Hashable {
    /// Its number, from 1 to 10,000.
    public let number: Int
    /// Its length in bytes.
    public let size: Int64
    /// Its entity tag, without quotes: the MD5 of its bytes, or what stands for it.
    public let etag: String
    /// When it was uploaded.
    public let modified: Timestamp
    /// Its checksum, where one was given or the upload wants one.
    public let checksum: Checksum?

    /// Its CRC-64/NVME, which every part has.
    let crc64: [UInt8]
    let blobID: Int64
    let blobName: String?
}

/// A page of the parts of an upload, in the order of their numbers.
public struct PartListing: Sendable, Hashable {
    /// The parts.
    public var parts: [UploadedPart]
    /// Whether there are more.
    public var isTruncated: Bool
}

/// What a listing of uploads is to show.
public struct UploadQuery: Sendable, Hashable {
    /// Where a listing begins.
    public enum Start: Sendable, Hashable {
        /// At the first.
        case beginning
        /// After all uploads to a key.
        case afterKey(String)
        /// After an upload to a key, which need not exist.
        case afterUpload(key: String, id: String)
        /// After all keys that begin with a common prefix.
        case afterPrefix(String)
    }

    /// What the keys must begin with.
    public var prefix: String
    /// Uploads whose keys have this after the prefix are shown together; `nil` for each alone.
    public var delimiter: String?
    /// Where to begin.
    public var start: Start
    /// How many entries at most.
    public var limit: Int

    /// Describes a listing.
    ///
    /// An empty delimiter is none.
    public init(
        prefix: String = "",
        delimiter: String? = nil,
        start: Start = .beginning,
        limit: Int = 1000
    ) {
        self.prefix = prefix
        self.delimiter = delimiter.flatMap { $0.isEmpty ? nil : $0 }
        self.start = start
        self.limit = limit
    }
}

/// A page of the uploads of a bucket: by key, and for one key in the order in which they began.
public struct UploadListing: Sendable, Hashable {
    /// One line of a listing.
    public enum Entry: Sendable, Hashable {
        /// An upload.
        case upload(Upload)
        /// What the keys of several have in common, up to and with the delimiter.
        case commonPrefix(String)
    }

    /// The entries, uploads and common prefixes together.
    public var entries: [Entry] = []
    /// Whether there are more.
    public var isTruncated = false
}

extension S3Error {
    /// There is no upload of this identifier.
    static func noUpload(_ id: String) -> S3Error {
        S3Error(.noSuchUpload, details: [.init("UploadId", id)])
    }
}
