import Foundation
import NIOCore
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct RecoveryTests {
    @Test func `everything is there after a stop and a start`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("small", "body", fields: [Field("a", "b")], in: test.bucket)
        try await test.store.put("large", large, in: test.bucket)
        let key = try await test.store.directory.createUser(NewUser(name: "u"))
        let canonicalID = test.root.canonicalID

        let store = try await test.reopened()

        let bucket = try store.bucket("photos")
        #expect(bucket == test.bucket)
        #expect(try store.text("small", in: bucket) == "body")
        #expect(try store.object("small", in: bucket)?.fields == [Field("a", "b")])
        #expect(try store.text("large", in: bucket) == large)
        #expect(store.directory.credential(key.id) == key)
        #expect(store.directory.rootAccount.canonicalID == canonicalID)
        await store.close()
    }

    @Test func `where the index is gone, nothing is opened and no object deleted`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("large", large, in: test.bucket)
        await test.store.close()
        let folder = try #require(test.folder)
        let kept = try test.names(.blobs)
        #expect(kept.count == 1)
        for name in ["index.db", "index.db-wal", "index.db-shm"] {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }

        #expect(throws: StoreError.indexLost(folder.path())) {
            try Store.open(TestStore.configuration(folder, time: test.time))
        }

        #expect(try test.names(.blobs) == kept)
    }

    @Test func `what was acknowledged survives an abrupt end, and what was not leaves nothing`()
        async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.put("small", "body", in: test.bucket)
        try await test.store.put("large", large, in: test.bucket)
        let unfinished = test.store.stage(sizeHint: nil)
        try unfinished.append(ByteBuffer(string: large))
        let orphan = try StagedFile(test.store.names.next(), in: test.store.files)
        try orphan.publish()
        #expect(try test.names(.staging).count == 1)
        #expect(try test.names(.blobs).count == 2)

        // A copy of the folder is what an abrupt end at this moment leaves.
        let folder = try #require(test.folder)
        let copy = URL(filePath: folder.path() + "-copy")
        defer { Folders.remove(copy) }
        try FileManager.default.copyItem(at: folder, to: copy)
        let store = try Store.open(TestStore.configuration(copy, time: test.time))
        await store.finishRecovery()

        #expect(try store.text("small", in: test.bucket) == "body")
        #expect(try store.text("large", in: test.bucket) == large)
        #expect(try store.files.names(in: .staging) == [])
        #expect(try store.files.names(in: .blobs).count == 1)
        try await store.put("k", "still writable", in: test.bucket)
        await store.close()
        _ = try unfinished.finish()
    }

    @Test func `the garbage of the last start is removed at the next`() async throws {
        let test = try await TestStore(.disk)
        let name = "00000001-left"
        let bucket = test.bucket
        let path = try #require(test.folder).appending(path: "blobs/\(name)")
        try Data("x".utf8).write(to: path)
        _ = try await test.store.index.write { connection in
            try connection.run("INSERT INTO garbage VALUES (?1, 0)", .text(name))
        }
        let store = try await test.reopened()
        #expect(try store.files.names(in: .blobs) == [])
        #expect(try store.count("garbage") == 0)
        #expect(try store.bucket("photos") == bucket)
        await store.close()
    }

    @Test func `a damaged index makes the store read-only after an abrupt end`() async throws {
        let test = try await TestStore(.disk)
        for number in 0..<100 {
            try await test.store.put("key \(number)", "body", in: test.bucket)
        }
        await test.store.close()
        let path = try #require(test.folder).appending(path: "index.db")
        let file = try FileHandle(forUpdating: path)
        let size = try file.seekToEnd()
        // The last pages hold rows, not the schema.
        try file.seek(toOffset: size - 4096)
        try file.write(contentsOf: Data(repeating: 0xAA, count: 4096))
        try file.close()
        // A log is what an abrupt end leaves; this one holds nothing.
        try Data([0]).write(to: URL(filePath: path.path() + "-wal"))

        let store = try Store.open(TestStore.configuration(test.folder, time: test.time))
        await store.finishRecovery()

        #expect(
            await code { try await store.put("k", "x", in: test.bucket) } == "ServiceUnavailable"
        )
        await store.close()
    }

    @Test func `a folder that is open is refused, until it is closed`() async throws {
        let test = try await TestStore(.disk)
        let configuration = TestStore.configuration(test.folder, time: test.time)
        let path = try #require(configuration.folder)

        #expect(throws: StoreError.folderInUse(path)) { try Store.open(configuration) }

        await test.store.close()
        await (try Store.open(configuration)).close()
    }

    @Test func `a folder that cannot be made is refused with the reason`() throws {
        let time = ManualTime(Timestamp(seconds: 0))
        let configuration = TestStore.configuration(URL(filePath: "/proc/pail"), time: time)
        #expect(throws: StoreError.notWritable("/proc/pail", errno: ENOENT)) {
            try Store.open(configuration)
        }
    }

    @Test func `an index of a newer version is refused`() async throws {
        let test = try await TestStore(.disk)
        try test.store.index.writer.use { try $0.run("PRAGMA user_version = 99") }
        await test.store.close()
        #expect(throws: StoreError.newerSchema(found: 99, known: Int64(Schema.steps.count))) {
            try Store.open(TestStore.configuration(test.folder, time: test.time))
        }
    }

    @Test func `nobody else may look into the folder`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        let folder = try #require(test.folder)
        func mode(_ path: String) throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.appending(path: path).path()
            )
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }
        for path in ["", "staging", "blobs"] { #expect(try mode(path) == 0o700) }
        let blob = try #require(try test.names(.blobs).first)
        for path in ["lock", "index.db", "index.db-wal", "blobs/\(blob)"] {
            #expect(try mode(path) == 0o600)
        }
    }

    @Test func `a blob ends with a record of what it is`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put(
            "a/é",
            large,
            fields: [Field("content-type", "x")],
            in: test.bucket
        )
        let name = try #require(try test.names(.blobs).first)
        let path = try #require(test.folder).appending(path: "blobs/\(name)")
        let bytes = Array(try Data(contentsOf: path))

        let record = try #require(BlobRecord(tail: Array(bytes.dropFirst(large.utf8.count))))

        #expect(bytes.starts(with: Array(large.utf8)))
        #expect(record["kind"] == "object")
        #expect(record["bucket"] == "photos")
        #expect(record["key"] == "a/é")
        #expect(record["size"] == "\(large.utf8.count)")
        #expect(record["field:content-type"] == "x")
        #expect(BlobRecord(tail: Array(bytes.dropLast())) == nil)
        var damaged = bytes
        damaged[bytes.count - 30] ^= 1
        #expect(BlobRecord(tail: damaged) == nil)
    }
}
