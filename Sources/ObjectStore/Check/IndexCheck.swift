internal import SQLite

// Whether the index agrees with itself.

/// A count of a blob's users that is not how many there are.
struct WrongCount: Sendable {
    let blob: Int64
    let noted: Int64
    let counted: Int64
}

extension Connection {
    /// What the database finds wrong with itself: pages, order, and references that it knows of.
    func integrityFindings() throws -> [Finding] {
        let lines = try quickCheck()
        // Only in a sound file do the rows mean anything.
        let all = lines.isEmpty ? try foreignKeyCheck() + danglingReferences() : lines
        return all.map { Finding(.index, detail: $0) }
    }

    /// Rows that name rows which are not there, where the schema itself does not know.
    private func danglingReferences() throws -> [String] {
        let queries: [(String, String)] = [
            ("versions of no bucket", "versions WHERE bucket NOT IN (SELECT id FROM buckets)"),
            (
                "versions without their bytes",
                """
                versions WHERE is_delete_marker = 0 AND blob IS NOT NULL
                AND blob NOT IN (SELECT id FROM blobs)
                """
            ),
            ("parts without their bytes", "segments WHERE blob NOT IN (SELECT id FROM blobs)"),
            (
                "parts of no version",
                "segments WHERE sequence NOT IN (SELECT -sequence FROM versions)"
            ),
            (
                "parts of uploads without their bytes",
                "upload_parts WHERE blob NOT IN (SELECT id FROM blobs)"
            ),
            ("parts of no upload", "upload_parts WHERE upload NOT IN (SELECT id FROM uploads)"),
        ]
        return try queries.compactMap { words, from in
            let count = try first("SELECT count(*) FROM \(from)") { $0.integer(0) } ?? 0
            return count == 0 ? nil : "\(count) \(words)"
        }
    }

    /// The blobs whose count of users is wrong: with too small a one, bytes would go while they are used.
    func wrongCounts() throws -> [WrongCount] {
        try all(
            """
            SELECT id, uses, counted FROM (
                SELECT blobs.id AS id, uses, count(used.blob) AS counted FROM blobs LEFT JOIN (
                    SELECT blob FROM versions WHERE blob IS NOT NULL
                    UNION ALL SELECT blob FROM segments UNION ALL SELECT blob FROM upload_parts
                ) AS used ON used.blob = blobs.id GROUP BY blobs.id
            ) WHERE uses <> counted LIMIT 1000
            """
        ) {
            WrongCount(blob: $0.integer(0), noted: $0.integer(1), counted: $0.integer(2))
        }
    }

    /// Counts a blob's users anew; one without any stays, with nobody to lose it.
    func recount(_ blob: Int64) throws {
        try run(
            """
            UPDATE blobs SET uses = (SELECT count(*) FROM versions WHERE blob = ?1)
                + (SELECT count(*) FROM segments WHERE blob = ?1)
                + (SELECT count(*) FROM upload_parts WHERE blob = ?1)
            WHERE id = ?1
            """,
            .integer(blob)
        )
    }
}
