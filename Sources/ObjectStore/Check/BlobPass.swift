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
                if isSealedWithoutRecord(blob) { continue }
                let verdict =
                    selected(blob)
                    ? try await check.verdict(on: blob, pace: &pace) : try existence(of: blob)
                try await visit(blob, verdict)
                try await pace.rest(Pace.blobCost)
            }
        }
        try await runSealed(check, selected, &pace, visit)
    }

    /// Whether the index alone says how a blob is encrypted, and says it of the objects that have it.
    private func isSealedWithoutRecord(_ blob: Blob) -> Bool {
        blob.envelope != nil && (blob.fileName == nil || !store.files.isPersistent)
    }

    private func runSealed(
        _ check: BlobCheck,
        _ selected: @Sendable (Blob) -> Bool,
        _ pace: inout Pace,
        _ visit: (Blob, BlobCheck.Verdict) async throws -> Void
    ) async throws {
        var isSeen: Set<Int64> = []
        var place: SealedPlace? = SealedPlace()
        while let start = place {
            let found = try store.index.read { try $0.sealedOwners(after: start, limit: Self.page) }
            for owner in found {
                for id in owner.blobs {
                    guard let (blob, pinned) = try pin(id) else { continue }
                    defer { withExtendedLifetime(pinned) {} }
                    guard isSealedWithoutRecord(blob), selected(blob) else { continue }
                    // Copies share a blob.
                    guard try !isShared(id) || isSeen.insert(id).inserted else { continue }
                    let verdict = try await check.verdict(
                        on: blob,
                        encryption: owner.encryption,
                        pace: &pace
                    )
                    try await visit(blob, verdict)
                    try await pace.rest(Pace.blobCost)
                }
            }
            place = found.last?.place ?? start.next
        }
    }

    private func isShared(_ id: Int64) throws -> Bool {
        try store.index.read { connection in
            try connection.first("SELECT uses > 1 FROM blobs WHERE id = ?1", .integer(id)) {
                $0.boolean(0)
            } ?? false
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

extension Connection {
    fileprivate func blobs(after id: Int64, limit: Int) throws -> [Int64] {
        try all(
            "SELECT id FROM blobs WHERE id > ?1 ORDER BY id LIMIT ?2",
            .integer(id),
            .integer(limit)
        ) { $0.integer(0) }
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
