internal import Digests
internal import Glibc
internal import S3Protocol
internal import SQLite

/// Writes the rows of blobs that the index does not name.
struct RebuiltRows {
    private let connection: Connection
    private let region: String
    private let settings: [String: [UInt8]]
    private let random: any RandomSource
    private let owners: Set<Int64>
    private let root: Int64
    private var buckets: [String: Int64] = [:]

    /// How many versions of objects were written.
    private(set) var versions: Int64 = 0
    /// The buckets that had to be made.
    private(set) var madeBuckets: Set<String> = []

    init(
        _ connection: Connection,
        region: String,
        settings: [String: [UInt8]],
        random: any RandomSource
    ) throws {
        self.connection = connection
        self.region = region
        self.settings = settings
        self.random = random
        let accounts = try connection.all("SELECT id, is_root FROM accounts") {
            (id: $0.integer(0), isRoot: $0.boolean(1))
        }
        owners = Set(accounts.map(\.id) + [Account.anonymous.id])
        root = accounts.first { $0.isRoot }?.id ?? 1
        for bucket in try connection.allBuckets() { buckets[bucket.name] = bucket.id }
    }

    /// Writes what blobs say, oldest first.
    ///
    /// Of one key, every version is kept that was written while its bucket kept versions, and the newest of the others.
    ///
    /// - Returns: What has no place in the index, and why.
    mutating func insert(_ found: FoundBlobs) throws -> [Finding] {
        var unused = found.silent
        let newest = Self.newestWithoutIdentifier(found.objects)
        var versionings: [String: Versioning?] = [:]
        for blob in found.objects {
            versionings[blob.bucket] = .some(blob.versioning)
            guard blob.versioning == .enabled || newest[blob.place] == blob.name else {
                unused.append(blob.finding("a newer version has taken its place"))
                continue
            }
            if let reason = try insert(blob, found) { unused.append(blob.finding(reason)) }
        }
        for (bucket, versioning) in versionings where madeBuckets.contains(bucket) {
            try connection.run(
                "UPDATE buckets SET versioning = ?2 WHERE name = ?1",
                .text(bucket),
                .text(versioning?.rawValue)
            )
        }
        let parts = found.byName.values.filter { $0.kind == .part }.sorted { $0.name < $1.name }
        for part in parts where try !connection.knows(part.name) {
            unused.append(part.finding("it is a part of an upload that no manifest completes"))
        }
        // What was set aside as an object may be a part of another.
        return try unused.filter { finding in
            try finding.blob.map { try !connection.knows($0) } ?? true
        }
    }

    private static func newestWithoutIdentifier(
        _ objects: [FoundBlob]
    ) -> [FoundBlob.Place: String] {
        var newest: [FoundBlob.Place: String] = [:]
        for blob in objects where blob.versioning != .enabled { newest[blob.place] = blob.name }
        return newest
    }

    /// - Returns: Why it has no place; `nil` where it has one now.
    private mutating func insert(_ blob: FoundBlob, _ found: FoundBlobs) throws -> String? {
        guard let parts = blob.parts else { return "its list of parts cannot be read" }
        for part in parts {
            let isThere = try connection.hasBlob(part.blob, size: part.size)
            guard isThere || found.byName[part.blob]?.size == part.size else {
                return "part \(part.number) of it is not there"
            }
        }
        let bucket = try bucketID(blob.bucket, at: blob.modified)
        let latest = try connection.version(.latest, of: blob.key, in: bucket)
        let unnamed = try connection.version(.null, of: blob.key, in: bucket)
        let isHidden = blob.versioning != .enabled && unnamed != nil
        // What is read of the old index is later than what it does not name, unless the times say otherwise.
        if let latest, latest.modified.milliseconds > blob.modified || isHidden {
            return "the old index has a newer version of it"
        }
        try write(blob, parts, found, in: bucket)
        versions += 1
        return nil
    }

    private func write(
        _ blob: FoundBlob,
        _ parts: [ManifestPart],
        _ found: FoundBlobs,
        in bucket: Int64
    ) throws {
        let sequence = try connection.next("sequence")
        let id = try connection.share(blob.name, or: blob)
        var offset: Int64 = 0
        for part in parts {
            try connection.insert(
                ObjectPart(
                    number: part.number,
                    offset: offset,
                    size: part.size,
                    checksum: part.checksum,
                    blobID: try connection.share(part.blob, or: found.byName[part.blob])
                ),
                of: sequence
            )
            offset &+= part.size
        }
        var object = StoredObject(
            blob.newObject(owner: owner(of: blob)),
            size: blob.size,
            etag: blob.etag,
            partCount: blob.kind == .manifest ? parts.count : nil,
            bucketID: bucket,
            at: Timestamp(milliseconds: blob.modified),
            sequence: sequence,
            blobID: id
        )
        if blob.versioning == .enabled {
            object.versionID = VersionID(sequence: sequence, random: random).text
        }
        try connection.insert(object)
    }

    private func owner(of blob: FoundBlob) -> Int64 {
        guard let owner = blob.record["owner"].flatMap({ Int64($0) }), owners.contains(owner) else {
            return root
        }
        return owner
    }

    private mutating func bucketID(_ name: String, at modified: Int64) throws -> Int64 {
        if let id = buckets[name] { return id }
        try connection.run(
            "INSERT INTO buckets(name, owner, region, created) VALUES (?1, ?2, ?3, ?4)",
            .text(name),
            .integer(root),
            .text(region),
            .integer(modified)
        )
        let id = connection.lastInsertedID
        for (setting, document) in settings {
            try connection.set(setting, to: document, ofBucket: id)
        }
        buckets[name] = id
        madeBuckets.insert(name)
        return id
    }
}

extension FoundBlob {
    /// A key of a bucket.
    struct Place: Hashable {
        let bucket: String
        let key: String
    }

    var place: Place { Place(bucket: bucket, key: key) }

    func finding(_ reason: String) -> Finding {
        Finding(.unnamed, blob: name, detail: reason, objects: ["\(bucket)/\(key)"])
    }

    func newObject(owner: Account.ID) -> NewObject {
        var object = NewObject(
            key: key,
            ownerID: owner,
            fields: record.fields(under: "field:"),
            tags: record.fields(under: "tag:"),
            storageClass: record["storage-class"] ?? "STANDARD",
            checksum: checksum
        )
        object.lock = record["lock"].map { ObjectLock(encoded: Array($0.utf8)) } ?? .none
        object.encryption = record.encryption
        return object
    }

    private var checksum: Checksum? {
        let words = (record["checksum"] ?? "").split(separator: " ").map(String.init)
        guard words.count == 3, let algorithm = ChecksumAlgorithm(rawValue: words[0]),
            let type = ChecksumType(rawValue: words[1])
        else { return nil }
        return Checksum(algorithm, type, words[2])
    }
}

extension Connection {
    /// Whether the index has a blob of a name and length.
    fileprivate func hasBlob(_ name: String, size: Int64) throws -> Bool {
        try first(
            "SELECT 1 FROM blobs WHERE name = ?1 AND size = ?2",
            .text(name),
            .integer(size)
        ) { _ in true } ?? false
    }

    /// Adds a user to the blob of a name, writing its row where there is none.
    fileprivate func share(_ name: String, or found: FoundBlob?) throws -> Int64 {
        let id = try first(
            "UPDATE blobs SET uses = uses + 1 WHERE name = ?1 RETURNING id",
            .text(name)
        ) { $0.integer(0) }
        if let id { return id }
        guard let found else { throw IOError(errno: ENOENT, call: "open") }
        return try insertBlob(
            .file(found.name),
            size: found.kind == .manifest ? 0 : found.size,
            crc64: found.crc64,
            md5: found.md5,
            envelope: found.record.envelope
        )
    }
}
