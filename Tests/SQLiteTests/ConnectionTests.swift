import Testing

@testable import SQLite

@Suite struct ConnectionTests {
    let connection: Connection

    init() throws {
        connection = try Connection(":memory:")
        try connection.run("CREATE TABLE things(name TEXT UNIQUE, value)")
    }

    @Test(arguments: [
        Value.null, .integer(Int64.min), .integer(Int64.max), .real(-0.5), .text(""),
        .text("größe \u{1F600} \0 end"),
        .blob([]), .blob([0, 255, 0]),
    ])
    func `a value comes back as it went in`(value: Value) throws {
        try connection.run("INSERT INTO things VALUES ('x', ?1)", value)

        let found = try connection.first("SELECT value, typeof(value) FROM things") { row in
            Found(value: read(row, like: value), type: row.text(1))
        }

        #expect(found == Found(value: value, type: typeName(of: value)))
    }

    private struct Found: Equatable {
        let value: Value
        let type: String
    }

    @Test func `no row is nil, and NULL is told from it`() throws {
        try connection.run("INSERT INTO things VALUES ('x', NULL)")

        #expect(try connection.first("SELECT value FROM things WHERE name = 'y'") { _ in 1 } == nil)
        let value = try connection.first("SELECT value FROM things") { $0.optionalText(0) }
        #expect(value == .some(nil))
    }

    @Test func `a statement can run inside itself`() throws {
        for name in ["a", "b"] {
            try connection.run("INSERT INTO things VALUES (?1, 1)", .text(name))
        }
        let names = "SELECT name FROM things ORDER BY name"

        let pairs = try connection.all(names) { outer in
            try connection.all(names) { inner in outer.text(0) + inner.text(0) }
        }

        #expect(pairs == [["aa", "ab"], ["ba", "bb"]])
    }

    @Test func `a scan stops when it is told to`() throws {
        for name in ["a", "b", "c"] {
            try connection.run("INSERT INTO things VALUES (?1, 1)", .text(name))
        }
        var seen: [String] = []
        try connection.scan("SELECT name FROM things ORDER BY name") { row in
            seen.append(row.text(0))
            return seen.count < 2
        }
        #expect(seen == ["a", "b"])
    }

    @Test func `a scan goes on from place to place, and ends where there is none`() throws {
        for name in ["a", "b", "c", "d"] {
            try connection.run("INSERT INTO things VALUES (?1, 1)", .text(name))
        }
        var (seen, places): ([String], [String]) = ([], ["c", "a", "z", "b"])
        try connection.scan("SELECT name FROM things WHERE name >= ?1 ORDER BY name") {
            places.isEmpty ? nil : [.text(places.removeFirst())]
        } read: { row in
            seen.append(row.text(0))
            return seen.count.isMultiple(of: 2)
        }
        // From "c" one row, from "a" two, from "z" none, from "b" two.
        #expect(seen == ["c", "a", "b", "b", "c"])
    }

    @Test func `an error says its code, its words and its statement`() throws {
        try connection.run("INSERT INTO things VALUES ('x', 1)")
        let again = "INSERT INTO things VALUES ('x', 2)"

        let error = try #require(throws: SQLiteError.self) { try connection.run(again) }

        #expect(error.isConstraint)
        #expect(error.extendedCode == 2067)
        #expect(error.message == "UNIQUE constraint failed: things.name")
        #expect(error.sql == again)
        #expect("\(error)".contains("2067"))
        #expect(throws: SQLiteError.self) { try connection.run("SELEC 1") }
    }

    @Test func `counts changes and knows the last row`() throws {
        try connection.run("INSERT INTO things VALUES ('x', 1)")
        #expect(connection.lastInsertedID == 1)
        try connection.run("INSERT INTO things VALUES ('y', 1)")
        try connection.run("UPDATE things SET value = 2")
        #expect(connection.changedRows == 2)
    }

    private func read(_ row: borrowing Row, like value: Value) -> Value {
        switch value {
        case .null: row.isNull(0) ? .null : .text("not null")
        case .integer: .integer(row.integer(0))
        case .real: .real(row.real(0))
        case .text: .text(row.text(0))
        case .blob: .blob(row.blob(0))
        }
    }

    private func typeName(of value: Value) -> String {
        switch value {
        case .null: "null"
        case .integer: "integer"
        case .real: "real"
        case .text: "text"
        case .blob: "blob"
        }
    }
}
