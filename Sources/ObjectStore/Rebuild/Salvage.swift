internal import SQLite

/// Takes from a damaged index whatever rows can be read.
///
/// A table is read from its beginning and, where that ends too early, from its end as well: one bad page costs the rows on it.
struct Salvage {
    private let new: Connection
    /// The tables that a new index has.
    private let tables: [SalvagedTable]

    init(into new: Connection) throws {
        self.new = new
        tables = try new.salvagedTables()
    }

    /// Copies what can be read, and takes out what has lost its other half.
    func run(from path: String, _ report: inout RebuildReport) throws {
        guard LeftOver.exists(path) else { return }
        guard let old = try? Connection(path, access: .readOnly), let known = try tables(of: old)
        else {
            report.damagedTables = tables.map(\.name)
            return
        }
        // The rows that a new index begins with give way, and come back where there are none.
        for table in ["tenants", "counters"] { try new.run("DELETE FROM \(table)") }
        for table in tables where known.contains(table.name) {
            let isWhole = try copy(table, from: old)
            report.salvagedRows += try count(table.name)
            if !isWhole { report.damagedTables.append(table.name) }
        }
        try keepNumbers(of: old)
        try restoreFirstRows()
        try dropOrphans()
        try dropHalves()
    }

    /// The tables that an index of this age has where nothing is wrong with it: one that came later is not missing.
    ///
    /// - Returns: `nil` where the tables do not mean what they mean now, or it cannot be told.
    private func tables(of old: Connection) throws -> Set<String>? {
        let version = (try? old.first("PRAGMA user_version") { $0.integer(0) }) ?? 0
        guard (Schema.firstOfThisShape...Int64(Schema.steps.count)).contains(version) else {
            return nil
        }
        let model = try Connection(":memory:")
        for step in Schema.steps.prefix(Int(version)) { try model.runScript(step) }
        return Set(try model.salvagedTables().map(\.name))
    }

    /// - Returns: Whether all rows were copied.
    private func copy(_ table: SalvagedTable, from old: Connection) throws -> Bool {
        guard let found = try? old.columns(of: table.name), !found.isEmpty else { return false }
        let columns = table.columns.filter { found.contains($0) }.joined(separator: ", ")
        if try copyRows(of: table.name, columns, by: table.order, from: old) { return true }
        _ = try copyRows(of: table.name, columns, by: table.backwards, from: old)
        return false
    }

    private func copyRows(
        of table: String,
        _ columns: String,
        by order: String,
        from old: Connection
    ) throws -> Bool {
        var failure: (any Error)?
        do {
            try old.scan("SELECT \(columns) FROM \(table) ORDER BY \(order)") { row in
                let values = (0..<row.count).map { row.value($0) }
                let marks = values.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
                do {
                    try new.run(
                        "INSERT OR IGNORE INTO \(table)(\(columns)) VALUES (\(marks))",
                        values: values
                    )
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            return false
        }
        // A row that means nothing ends the reading as a page does that cannot be read; anything else is the new index's.
        if let failure = failure as? SQLiteError, !failure.isConstraint { throw failure }
        return failure == nil
    }

    private func restoreFirstRows() throws {
        try new.run("INSERT OR IGNORE INTO tenants VALUES (1, 'default')")
        for counter in ["sequence", "starts", "master_keys"] {
            try new.run("INSERT OR IGNORE INTO counters VALUES (?1, 0)", .text(counter))
        }
    }

    private func count(_ table: String) throws -> Int64 {
        try new.first("SELECT count(*) FROM \(table)") { $0.integer(0) } ?? 0
    }

    /// A number that was given once is never given again, even where its row is gone.
    private func keepNumbers(of old: Connection) throws {
        let numbers = try? old.all("SELECT name, seq FROM sqlite_sequence") {
            (table: $0.text(0), last: $0.integer(1))
        }
        for number in numbers ?? [] {
            let values: [Value] = [.text(number.table), .integer(number.last)]
            try new.run(
                "INSERT INTO sqlite_sequence(name, seq) SELECT ?1, 0 WHERE ?1 NOT IN (SELECT name FROM sqlite_sequence)",
                values[0]
            )
            try new.run(
                "UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
                values: values
            )
        }
    }

    /// Takes out rows that refer to rows which are not there, until none does.
    private func dropOrphans() throws {
        for _ in tables {
            var dropped: Int64 = 0
            for table in tables {
                for reference in try new.references(of: table.name) {
                    try new.run(
                        """
                        DELETE FROM \(table.name) WHERE \(reference.column) IS NOT NULL
                        AND \(reference.column) NOT IN (SELECT id FROM \(reference.target))
                        """
                    )
                    dropped += new.changedRows
                }
            }
            if dropped == 0 { return }
        }
    }

    /// Rows whose other half was lost say too little; what blobs say about themselves says more.
    private func dropHalves() throws {
        try new.runScript(
            """
            DELETE FROM versions WHERE bucket NOT IN (SELECT id FROM buckets)
                OR (is_delete_marker = 0 AND blob IS NOT NULL AND blob NOT IN (SELECT id FROM blobs))
                OR (part_count IS NOT NULL AND part_count <> (
                    SELECT count(*) FROM segments JOIN blobs ON blobs.id = segments.blob
                    WHERE segments.sequence = -versions.sequence));
            DELETE FROM segments WHERE sequence NOT IN (SELECT -sequence FROM versions);
            DELETE FROM acls WHERE sequence NOT IN (SELECT -sequence FROM versions);
            DELETE FROM upload_parts WHERE upload NOT IN (SELECT id FROM uploads)
                OR blob NOT IN (SELECT id FROM blobs);
            DELETE FROM upload_acls WHERE upload NOT IN (SELECT id FROM uploads);
            CREATE TEMPORARY TABLE used AS SELECT blob, count(*) AS uses FROM (
                SELECT blob FROM versions WHERE blob IS NOT NULL UNION ALL SELECT blob FROM segments
                UNION ALL SELECT blob FROM upload_parts) GROUP BY blob;
            CREATE INDEX temp.used_by_blob ON used(blob);
            DELETE FROM blobs WHERE id NOT IN (SELECT blob FROM used);
            UPDATE blobs SET uses = (SELECT used.uses FROM used WHERE used.blob = blobs.id);
            DROP TABLE used;
            UPDATE counters SET value = max(value, (SELECT coalesce(max(-sequence), 0) FROM versions))
                WHERE name = 'sequence';
            """
        )
    }
}

/// A table, and the order in which its rows lie.
private struct SalvagedTable {
    let name: String
    let key: [String]
    let columns: [String]

    var order: String { key.joined(separator: ", ") }
    var backwards: String { key.map { "\($0) DESC" }.joined(separator: ", ") }
}

extension Connection {
    fileprivate func salvagedTables() throws -> [SalvagedTable] {
        let names = try all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid"
        ) { $0.text(0) }
        return try names.map { name in
            let key = try all(
                "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk",
                .text(name)
            ) { $0.text(0) }
            return SalvagedTable(
                name: name,
                key: key.isEmpty ? ["rowid"] : key,
                columns: try columns(of: name)
            )
        }
    }

    fileprivate func columns(of table: String) throws -> [String] {
        try all("SELECT name FROM pragma_table_info(?1)", .text(table)) { $0.text(0) }
    }

    /// The columns of a table that refer to the `id` of another.
    fileprivate func references(of table: String) throws -> [(column: String, target: String)] {
        try all(
            "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?1)",
            .text(table)
        ) { (column: $0.text(0), target: $0.text(1)) }
    }
}
