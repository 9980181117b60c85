internal import SQLite

/// How far the objects and uploads have been asked for that are encrypted.
struct SealedPlace: Sendable {
    /// Which of the two tables.
    enum Table: Sendable {
        case versions
        case uploads
    }

    var table = Table.versions
    var bucket: Int64 = 0
    var key: [UInt8] = []
    var sequence: Int64 = .min
    var upload = ""

    /// Where to go on when a table has been asked for to its end.
    var next: SealedPlace? {
        switch table {
        case .versions: SealedPlace(table: .uploads)
        case .uploads: nil
        }
    }
}

/// An object or an upload whose bytes are encrypted, and how.
struct SealedOwner: Sendable {
    let place: SealedPlace
    let encryption: ObjectEncryption?
    /// Its blobs: of an object in parts, its manifest and its parts.
    let blobs: [Int64]
}

extension Connection {
    /// What is encrypted, in the order of the index: versions, then the uploads under way.
    func sealedOwners(after place: SealedPlace, limit: Int) throws -> [SealedOwner] {
        switch place.table {
        case .versions: try sealedVersions(after: place, limit)
        case .uploads: try sealedUploads(after: place, limit)
        }
    }

    private func sealedVersions(after place: SealedPlace, _ limit: Int) throws -> [SealedOwner] {
        try all(
            """
            SELECT bucket, key, sequence, encryption, blob FROM versions
            WHERE (bucket, key, sequence) > (?1, ?2, ?3) AND encryption IS NOT NULL
            ORDER BY bucket, key, sequence LIMIT ?4
            """,
            .integer(place.bucket),
            .blob(place.key),
            .integer(place.sequence),
            .integer(limit)
        ) { row in
            let sequence = row.integer(2)
            let parts = try all(
                "SELECT blob FROM segments WHERE sequence = ?1 ORDER BY number",
                .integer(-sequence)
            ) { $0.integer(0) }
            return SealedOwner(
                place: SealedPlace(bucket: row.integer(0), key: row.blob(1), sequence: sequence),
                encryption: ObjectEncryption(row, 3),
                blobs: [row.optionalInteger(4)].compactMap(\.self) + parts
            )
        }
    }

    private func sealedUploads(after place: SealedPlace, _ limit: Int) throws -> [SealedOwner] {
        try all(
            """
            SELECT bucket, key, id, encryption FROM uploads
            WHERE (bucket, key, id) > (?1, ?2, ?3) AND encryption IS NOT NULL
            ORDER BY bucket, key, id LIMIT ?4
            """,
            .integer(place.bucket),
            .blob(place.key),
            .text(place.upload),
            .integer(limit)
        ) { row in
            let id = row.text(2)
            let parts = try all(
                "SELECT blob FROM upload_parts WHERE upload = ?1 ORDER BY number",
                .text(id)
            ) { $0.integer(0) }
            return SealedOwner(
                place: SealedPlace(
                    table: .uploads,
                    bucket: row.integer(0),
                    key: row.blob(1),
                    upload: id
                ),
                encryption: ObjectEncryption(row, 3),
                blobs: parts
            )
        }
    }
}
