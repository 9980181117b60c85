internal import Glibc
internal import SQLite

/// A walk over all blobs of a store, a few at a time, that tells what it finds of each.
struct BlobPass: Sendable {
    private static let page = 64

    let store: Store

    /// Looks at every blob, and answers when all have been seen.
    ///
    /// - Parameters:
    ///   - selected: Which blobs to read; the others are only looked for.
    ///   - pace: How fast.
    ///   - visit: Told of each blob that still is in use, in no order that means anything.
    /// - Throws: What `visit` throws, `CancellationError`, and what reading the index throws.
    func run(
        reading selected: @Sendable (Blob) -> Bool = { _ in true },
        pace: inout Pace,
        visit: (Blob, BlobCheck.Verdict) async throws -> Void
    ) async throws {
        let check = BlobCheck(files: store.files, keys: store.keys)
        var last: Int64 = 0
        while true {
            let ids = try store.index.read { [last] in try $0.blobs(after: last, limit: Self.page) }
            guard let end = ids.last else { break }
            last = end
            for id in ids {
                guard let (blob, pinned) = try pin(id) else { continue }
                defer { withExtendedLifetime(pinned) {} }
                // The index alone says how these are encrypted, and says it of versions: see below.
                if case .inline = blob.place, blob.envelope != nil { continue }
                let verdict =
                    selected(blob)
                    ? try await check.verdict(on: blob, pace: &pace) : try existence(of: blob)
                try await visit(blob, verdict)
                try await pace.rest(Pace.blobCost)
            }
        }
        try await runSealedInline(check, selected, &pace, visit)
    }

    private func runSealedInline(
        _ check: BlobCheck,
        _ selected: @Sendable (Blob) -> Bool,
        _ pace: inout Pace,
        _ visit: (Blob, BlobCheck.Verdict) async throws -> Void
    ) async throws {
        var place: VersionPlace? = VersionPlace()
        while let start = place {
            let found = try store.index.read { try $0.encryptedVersions(after: start, limit: 256) }
            place = found.last?.place
            for version in found {
                let blob = try store.index.read { try $0.blob(version.blob) }
                guard let blob, blob.fileName == nil, blob.envelope != nil, selected(blob) else {
                    continue
                }
                let verdict = try await check.verdict(
                    on: blob,
                    encryption: version.encryption,
                    pace: &pace
                )
                try await visit(blob, verdict)
            }
        }
    }

    /// A blob that is in use, whose file stays for as long as the second value lives.
    private func pin(_ id: Int64) throws -> (Blob, PinnedBlobs)? {
        guard let blob = try store.index.read({ try $0.blob(id) }) else { return nil }
        let pinned = PinnedBlobs([blob.fileName].compactMap(\.self), store.sweeper)
        // Only what is still there after it was pinned will stay.
        guard let blob = try store.index.read({ try $0.blob(id) }) else { return nil }
        return (blob, pinned)
    }

    private func existence(of blob: Blob) throws -> BlobCheck.Verdict {
        guard let name = blob.fileName else { return .sound }
        do throws(IOError) {
            _ = try store.files.open(name)
            return .sound
        } catch {
            guard error.errno == ENOENT else { throw error }
            return .missing
        }
    }
}

/// Where a version stands in the index.
private struct VersionPlace: Sendable {
    var bucket: Int64 = 0
    var key: [UInt8] = []
    var sequence: Int64 = .min
}

/// A version whose bytes are encrypted, and how.
private struct EncryptedVersion: Sendable {
    let place: VersionPlace
    let blob: Int64
    let encryption: ObjectEncryption?
}

extension Connection {
    fileprivate func blobs(after id: Int64, limit: Int) throws -> [Int64] {
        try all(
            "SELECT id FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2",
            .integer(id),
            .integer(limit)
        ) { $0.integer(0) }
    }

    /// Versions that are encrypted, in the order of the index.
    fileprivate func encryptedVersions(
        after place: VersionPlace,
        limit: Int
    ) throws -> [EncryptedVersion] {
        try all(
            """
            SELECT bucket, key, sequence, blob, encryption FROM versions
            WHERE (bucket, key, sequence) > (?1, ?2, ?3) AND encryption IS NOT NULL AND blob IS NOT NULL
            ORDER BY bucket, key, sequence LIMIT ?4
            """,
            .integer(place.bucket),
            .blob(place.key),
            .integer(place.sequence),
            .integer(limit)
        ) { row in
            EncryptedVersion(
                place: VersionPlace(
                    bucket: row.integer(0),
                    key: row.blob(1),
                    sequence: row.integer(2)
                ),
                blob: row.integer(3),
                encryption: ObjectEncryption(row, 4)
            )
        }
    }

    /// The objects and parts whose bytes a blob holds, as `bucket/key`, a few of them.
    func users(ofBlob id: Int64) throws -> [String] {
        try all(
            """
            SELECT buckets.name, key FROM versions JOIN buckets ON buckets.id = bucket WHERE blob = ?1
            UNION
            SELECT buckets.name, key FROM segments
            JOIN versions ON versions.sequence = -segments.sequence
            JOIN buckets ON buckets.id = bucket WHERE segments.blob = ?1
            UNION
            SELECT buckets.name, key FROM upload_parts JOIN uploads ON uploads.id = upload
            JOIN buckets ON buckets.id = bucket WHERE blob = ?1
            LIMIT 10
            """,
            .integer(id)
        ) { "\($0.text(0))/\($0.text(1))" }
    }
}
