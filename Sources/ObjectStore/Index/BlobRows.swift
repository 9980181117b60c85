internal import Digests
internal import S3Protocol
internal import SQLite

// The rows of `blobs`: bytes that objects and parts share, each with a count of its users.

/// Where the bytes of a blob are.
enum BlobPlace: Sendable {
    /// In the index itself.
    case inline([UInt8])
    /// In the file of this name.
    case file(String)
}

/// A blob that the index knows.
struct Blob: Sendable {
    let id: Int64
    let size: Int64
    let crc64: [UInt8]
    /// Unknown of an empty manifest, and of blobs that an older Pail wrote.
    let md5: [UInt8]?
    let place: BlobPlace
    /// What it needs to be decrypted; `nil` where it is clear.
    let envelope: Envelope?
    /// What was found to be wrong with its bytes; `nil` where nothing was.
    let damage: String?

    /// The file that it is in, if it is in one.
    var fileName: String? { if case .file(let name) = place { name } else { nil } }

    /// The checksum of its bytes, where the index has it.
    func checksum(_ algorithm: ChecksumAlgorithm) -> Checksum? {
        let bytes: [UInt8]? =
            switch algorithm {
            case .crc64nvme: crc64
            case .md5: md5
            default: nil
            }
        return bytes.map { Checksum(algorithm, .fullObject, Base64.encode($0)) }
    }
}

extension Blob {
    /// The columns that ``init(_:)`` reads.
    static let columns = "blobs.id, blobs.size, crc64, md5, blobs.name, data, envelope, damage"

    init(_ row: borrowing Row) throws {
        id = row.integer(0)
        size = row.integer(1)
        crc64 = row.blob(2)
        md5 = unsafe row.withBytes(3) { unsafe $0.isEmpty ? nil : Array($0) }
        place = row.optionalText(4).map { .file($0) } ?? .inline(row.blob(5))
        envelope = try Envelope(row, 6)
        damage = row.optionalText(7)
    }
}

extension Envelope {
    /// Reads a column; `nil` where it is NULL.
    ///
    /// - Throws: ``UnknownCipher`` where it holds something else: never to be taken for a clear blob.
    init?(_ row: borrowing Row, _ column: Int32) throws {
        guard let bytes = row.optionalBlob(column) else { return nil }
        guard let envelope = [Field](encoded: bytes).flatMap({ Envelope($0) }) else {
            throw UnknownCipher()
        }
        self = envelope
    }
}

/// A blob is encrypted in a way that this version does not know, or its envelope was altered.
struct UnknownCipher: Error {}

extension Connection {
    /// Writes a blob with one user and answers its row.
    func insertBlob(
        _ place: BlobPlace,
        size: Int64,
        crc64: [UInt8],
        md5: [UInt8]?,
        envelope: Envelope? = nil
    ) throws -> Int64 {
        let (name, data): (Value, Value) =
            switch place {
            case .inline(let bytes): (.null, .blob(bytes))
            case .file(let name): (.text(name), .null)
            }
        try run(
            "INSERT INTO blobs(name, data, size, crc64, md5, uses, envelope) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6)",
            name,
            data,
            .integer(size),
            .blob(crc64),
            md5.map { .blob($0) } ?? .null,
            .blob(envelope?.fields.encoded)
        )
        return lastInsertedID
    }

    /// A blob, with its bytes where they are inline.
    func blob(_ id: Int64) throws -> Blob? {
        try first(
            "SELECT \(Blob.columns) FROM blobs WHERE id = ?1",
            .integer(id)
        ) { try Blob($0) }
    }

    /// Adds a user to a blob.
    ///
    /// - Returns: Whether the blob is there.
    /// - Throws: ``DamagedBlob`` where its bytes are known to be bad: nothing new is made of them.
    func retain(_ id: Int64) throws -> Bool {
        let isDamaged = try first(
            "UPDATE blobs SET uses = uses + 1 WHERE id = ?1 RETURNING damage IS NOT NULL",
            .integer(id)
        ) { $0.boolean(0) }
        if isDamaged == true { throw DamagedBlob(id: id) }
        return isDamaged != nil
    }

    /// Notes what is wrong with a blob's bytes, so that nobody is given them; `nil` where nothing is any more.
    func setDamage(_ damage: String?, ofBlob id: Int64) throws {
        try run("UPDATE blobs SET damage = ?2 WHERE id = ?1", .integer(id), .text(damage))
    }

    /// Takes a user from a blob.
    ///
    /// With the last one the blob goes, and its file onto the garbage list, which whoever commits that is to sweep.
    func release(_ id: Int64, at now: Timestamp) throws {
        let left = try first(
            "UPDATE blobs SET uses = uses - 1 WHERE id = ?1 RETURNING uses, name",
            .integer(id)
        ) { (uses: $0.integer(0), name: $0.optionalText(1)) }
        guard let left, left.uses <= 0 else { return }
        try run("DELETE FROM blobs WHERE id = ?1", .integer(id))
        guard let name = left.name else { return }
        hasMoreToDo = true
        try run(
            "INSERT OR IGNORE INTO garbage VALUES (?1, ?2)",
            .text(name),
            .integer(now.milliseconds)
        )
    }
}
