import Foundation
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// Rebuilding from the index of an older Pail.
@Suite struct OlderIndexTests {
    /// Puts in the place of the index what a Pail with so many steps of the schema would have kept of it.
    private func age(_ index: String, to version: Int) throws {
        let older = "\(index)-older"
        let connection = try Connection(older)
        for step in Schema.steps.prefix(version) { try connection.runScript(step) }
        try connection.runScript("PRAGMA user_version = \(version)")
        try connection.run("ATTACH ?1 AS newer", .text(index))
        let tables = try connection.all(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        ) { $0.text(0) }
        for table in tables {
            let columns = try connection.all(
                """
                SELECT old.name FROM pragma_table_info(?1, 'main') AS old
                JOIN pragma_table_info(?1, 'newer') AS new USING (name)
                """,
                .text(table)
            ) { $0.text(0) }.joined(separator: ", ")
            guard !columns.isEmpty else { continue }
            try connection.runScript(
                """
                DELETE FROM main.\(table);
                INSERT INTO main.\(table)(\(columns)) SELECT \(columns) FROM newer.\(table)
                """
            )
        }
        try connection.run("DETACH newer")
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: index + suffix)
        }
        try FileManager.default.moveItem(atPath: older, toPath: index)
    }

    /// A store with something of everything, closed, and the key of a user of it.
    private func filled() async throws -> (TestStore, AccessKey) {
        let test = try await TestStore(.disk)
        try await test.store.setVersioning(.enabled, of: test.bucket)
        let bucket = try test.store.bucket("photos")
        try await test.store.put("small", "first", in: bucket)
        let second = try await test.store.put("small", "second", in: bucket)
        try await test.store.setTags([Field("t", "1")], of: second)
        try await test.store.put("large", large, in: bucket)
        try await test.store.delete("gone", in: bucket)
        try await test.store.set("s", to: [7], of: bucket)
        let key = try await test.store.directory.createUser(NewUser(name: "ann"))
        await test.store.close()
        return (test, key)
    }

    private func rebuild(_ test: TestStore) throws -> RebuildReport {
        let configuration = TestStore.configuration(test.folder, time: test.time)
        return try IndexRebuild(configuration, region: "us-east-1").run()
    }

    @Test(arguments: Int(Schema.firstOfThisShape)...Schema.steps.count)
    func `all of an index of an older schema is kept, and nothing is said to be lost`(
        version: Int
    ) async throws {
        let (test, key) = try await filled()
        let index = try #require(test.folder).appending(path: "index.db").path()
        try age(index, to: version)

        let report = try rebuild(test)

        #expect(report.damagedTables == [] && report.lost == [] && report.setAside == [])
        #expect(report.rebuiltVersions == 0 && report.rebuiltBuckets == [])
        let store = try await test.reopened()
        let bucket = try store.bucket("photos")
        #expect(try store.listVersions(VersionQuery(), in: bucket).entries.count == 4)
        let small = try #require(try store.object("small", in: bucket))
        #expect(small.tags == [Field("t", "1")])
        #expect(try store.text("small", in: bucket) == "second")
        #expect(try store.text("large", in: bucket) == large)
        #expect(try store.setting("s", of: bucket) == [7])
        #expect(store.directory.credential(key.id)?.secret == key.secret)
        #expect(try await store.check().findings == [])
        try await store.put("small", "third", in: bucket)
        #expect(try store.listVersions(VersionQuery(), in: bucket).entries.count == 5)
        await store.close()
    }

    @Test func `a table that an index of its age must have is missed`() async throws {
        let (test, key) = try await filled()
        let index = try #require(test.folder).appending(path: "index.db").path()
        try age(index, to: 9)
        try Connection(index).runScript("DROP TABLE access_keys")
        let report = try rebuild(test)
        #expect(report.damagedTables == ["access_keys"])
        #expect(report.lost.count == 1 && report.lost[0].contains("access keys"))
        let store = try await test.reopened()
        #expect(store.directory.credential(key.id) == nil)
        #expect(try store.text("small", in: try store.bucket("photos")) == "second")
        await store.close()
    }

    @Test(arguments: [6, 99])
    func `an index of another shape is set aside whole, and large objects come from their blobs`(
        version: Int
    ) async throws {
        let (test, _) = try await filled()
        let index = try #require(test.folder).appending(path: "index.db").path()
        try Connection(index).runScript("PRAGMA user_version = \(version)")
        let report = try rebuild(test)
        #expect(report.oldIndex != nil && report.salvagedRows == 0 && report.lost.count == 7)
        #expect(report.rebuiltVersions == 1 && report.setAside == [])
        let store = try await test.reopened()
        #expect(try store.text("large", in: try store.bucket("photos")) == large)
        #expect(try await store.check().findings == [])
        await store.close()
    }
}
