import Foundation
import Testing

@testable import SQLite

@Suite struct TransactionTests {
    let connection: Connection

    init() throws {
        connection = try Connection(":memory:")
        try connection.run("CREATE TABLE numbers(value INTEGER PRIMARY KEY)")
    }

    private struct Stop: Error {}

    private func numbers() throws -> [Int64] {
        try connection.all("SELECT value FROM numbers ORDER BY value") { $0.integer(0) }
    }

    @Test func `a transaction that throws leaves nothing`() throws {
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.run("INSERT INTO numbers VALUES (1)")
                throw Stop()
            }
        }
        #expect(try numbers() == [])
        #expect(!connection.isInTransaction)
    }

    @Test func `a savepoint that throws takes only its own changes back`() throws {
        try connection.transaction {
            try connection.run("INSERT INTO numbers VALUES (1)")
            try? connection.savepoint {
                try connection.run("INSERT INTO numbers VALUES (2)")
                throw Stop()
            }
            try connection.savepoint { try connection.run("INSERT INTO numbers VALUES (3)") }
        }
        #expect(try numbers() == [1, 3])
    }

    @Test func `a snapshot does not see what others commit meanwhile`() throws {
        try withFile { path in
            let writer = try Connection(path)
            try writer.run("PRAGMA journal_mode = WAL")
            try writer.run("CREATE TABLE numbers(value)")
            let reader = try Connection(path, access: .readOnly)

            let counts = try reader.snapshot {
                let before = try reader.first("SELECT count(*) FROM numbers") { $0.integer(0) }
                try writer.run("INSERT INTO numbers VALUES (1)")
                let after = try reader.first("SELECT count(*) FROM numbers") { $0.integer(0) }
                return [before, after]
            }

            #expect(counts == [0, 0])
            #expect(try reader.first("SELECT count(*) FROM numbers") { $0.integer(0) } == 1)
        }
    }

    @Test func `a read-only connection writes nothing and leaves the log alone`() throws {
        try withFile { path in
            let writer = try Connection(path)
            try writer.run("PRAGMA journal_mode = WAL")
            try writer.run("CREATE TABLE numbers(value)")
            let log = URL(filePath: path + "-wal")
            let before = try Data(contentsOf: log)
            do {
                let reader = try Connection(path, access: .readOnly)
                #expect(throws: SQLiteError.self) {
                    try reader.run("INSERT INTO numbers VALUES (1)")
                }
            }
            #expect(try Data(contentsOf: log) == before)
        }
    }

    @Test func `a quick check finds nothing in a sound file and something in a damaged one`() throws
    {
        #expect(try connection.quickCheck() == [])
        try withFile { path in
            do {
                let writer = try Connection(path)
                try writer.run("CREATE TABLE numbers(value)")
                try writer.transaction {
                    for number in 0..<2000 {
                        try writer.run("INSERT INTO numbers VALUES (?1)", .integer(number))
                    }
                }
            }
            let file = try FileHandle(forUpdating: URL(filePath: path))
            try file.seek(toOffset: 4096)
            try file.write(contentsOf: Data(repeating: 0xAA, count: 4096))
            try file.close()
            let reader = try Connection(path, access: .readOnly)
            #expect(try reader.quickCheck() != [])
        }
    }

    private func withFile(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appending(path: "test.db").path())
    }
}
