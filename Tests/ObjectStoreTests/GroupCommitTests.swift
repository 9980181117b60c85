import Foundation
import SQLite
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct GroupCommitTests {
    private struct Stop: Error {}

    private final class Log: Sendable {
        let seen = Mutex<[Int64]>([])
    }

    @Test func `an answer comes after the commit, and one that fails takes nobody along`()
        async throws
    {
        try await withIndex { path, commits in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let isToFail = number % 10 == 3
                        do {
                            try await commits.write { connection in
                                try connection.run(
                                    "INSERT INTO numbers VALUES (?1)",
                                    .integer(number)
                                )
                                if isToFail { throw Stop() }
                            }
                            #expect(!isToFail)
                            #expect(try Self.contains(number, path))
                        } catch {
                            #expect(isToFail && error is Stop)
                        }
                    }
                }
            }
            let reader = try Connection(path, access: .readOnly)
            let count = try reader.first("SELECT count(*) FROM numbers") { $0.integer(0) }
            #expect(count == 180)
        }
    }

    @Test func `what comes after the commit runs in the order of the commits, before the answers`()
        async throws
    {
        try await withIndex { _, commits in
            let log = Log()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let id = try? await commits.write { connection in
                            try connection.run("INSERT INTO numbers VALUES (?1)", .integer(number))
                            return connection.lastInsertedID
                        } committed: { id in
                            log.seen.withLock { $0.append(id) }
                        }
                        #expect(log.seen.withLock { $0.contains(id ?? 0) })
                    }
                }
            }
            #expect(log.seen.withLock { $0 } == Array(1...50))
        }
    }

    @Test
    func `where SQLite gives the transaction up, all of its writers fail, and the next succeed`()
        async throws
    {
        try await withIndex { path, commits in
            await #expect(throws: CommitFailed.self) {
                try await commits.write { connection in
                    try connection.run("INSERT INTO numbers VALUES (1)")
                    connection.rollBack()
                    throw Stop()
                }
            }
            try await commits.write { try $0.run("INSERT INTO numbers VALUES (2)") }
            #expect(try !Self.contains(1, path))
            #expect(try Self.contains(2, path))
        }
    }

    private static func contains(_ number: Int, _ path: String) throws -> Bool {
        try Connection(path, access: .readOnly).first(
            "SELECT 1 FROM numbers WHERE value = ?1",
            .integer(number)
        ) { _ in true } ?? false
    }

    private func withIndex(_ body: (String, GroupCommit) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "index.db").path()
        let connection = try LockedConnection(path, access: .readWrite)
        try connection.use { connection in
            try connection.run("PRAGMA journal_mode = WAL")
            try connection.run("CREATE TABLE numbers(value)")
        }
        try await body(path, GroupCommit(connection))
    }
}
