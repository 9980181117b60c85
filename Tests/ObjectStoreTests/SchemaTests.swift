import SQLite
import Testing

@testable import ObjectStore

@Suite struct SchemaTests {
    /// What a database has: each table and index as it was made, but for spaces and quotation marks, and the rows that it begins with.
    private func content(_ connection: Connection) throws -> [String: [String]] {
        var content: [String: [String]] = [:]
        let made = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        for (name, sql) in try connection.all(made, read: { ($0.text(0), $0.text(1)) }) {
            content[name, default: []].append(sql.filter { !$0.isWhitespace && $0 != "\"" })
        }
        let tables =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'"
        for table in try connection.all(tables, read: { $0.text(0) }) {
            let count = try connection.first("SELECT count(*) FROM \(table)") { $0.integer(0) }
            content[table, default: []].append("\(count ?? 0) rows")
        }
        let counters = "SELECT name || '=' || value FROM counters ORDER BY name"
        content["counters"]? += try connection.all(counters) { $0.text(0) }
        content["tenants"]? += try connection.all("SELECT id || name FROM tenants") { $0.text(0) }
        return content
    }

    @Test func `a new index has what the steps from the first one make`() throws {
        let new = try Connection(":memory:", access: .readWrite)
        try Schema.migrate(new)
        let old = try Connection(":memory:", access: .readWrite)
        for step in Schema.steps { try old.runScript(step) }
        let (made, grown) = (try content(new), try content(old))
        #expect(made.count > 25)
        for name in Set(made.keys).union(grown.keys) {
            #expect(made[name] == grown[name], "\(name)")
        }
    }

    @Test(arguments: 1..<Schema.steps.count)
    func `an index of any age becomes as a new one is`(age: Int) throws {
        let new = try Connection(":memory:", access: .readWrite)
        try Schema.migrate(new)
        let old = try Connection(":memory:", access: .readWrite)
        for step in Schema.steps.prefix(age) { try old.runScript(step) }
        try old.runScript("PRAGMA user_version = \(age)")
        try Schema.migrate(old)
        #expect(try content(old) == content(new))
        let version = try old.first("PRAGMA user_version") { $0.integer(0) }
        #expect(version == Int64(Schema.steps.count))
    }

    @Test func `a step that fails leaves an old index as it was`() throws {
        let old = try Connection(":memory:", access: .readWrite)
        for step in Schema.steps.prefix(7) { try old.runScript(step) }
        // The last step wants to make this table.
        try old.runScript("CREATE TABLE key_uses(x); PRAGMA user_version = 7")
        let before = try content(old)
        #expect(throws: SQLiteError.self) { try Schema.migrate(old) }
        #expect(try content(old) == before)
        #expect(try old.first("PRAGMA user_version") { $0.integer(0) } == 7)
    }
}
