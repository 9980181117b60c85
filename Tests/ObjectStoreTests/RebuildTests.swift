import Foundation
import NIOCore
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct RebuildTests {
    private func rebuild(_ test: TestStore) throws -> RebuildReport {
        let configuration = TestStore.configuration(test.folder, time: test.time)
        return try IndexRebuild(configuration, region: "eu-west-1", bucketSettings: ["s": [1]])
            .run()
    }

    private func path(_ name: String, _ test: TestStore) throws -> URL {
        try #require(test.folder).appending(path: name)
    }

    private func removeIndex(_ test: TestStore) throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(at: try path("index.db\(suffix)", test))
        }
    }

    @Test func `a lost index is not taken for an empty one`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        await test.store.close()
        try removeIndex(test)
        let configuration = TestStore.configuration(test.folder, time: test.time)
        #expect(throws: StoreError.indexLost(configuration.folder ?? "")) {
            try Store.open(configuration)
        }
        let blobs = try FileManager.default.contentsOfDirectory(
            atPath: try path("blobs", test).path()
        )
        #expect(blobs.count == 1)
    }

    @Test func `an index that is older than the blobs takes none of them away`() async throws {
        let test = try await TestStore(.disk)
        await test.store.close()
        let old = try Data(contentsOf: try path("index.db", test))
        let store = try await test.reopened()
        try await store.put("k", large, in: test.bucket)
        await store.close()
        let later = try FileManager.default.contentsOfDirectory(
            atPath: try path("blobs", test).path()
        )
        let name = "000000ff-0123"
        let blobs = try path("blobs", test)
        try Data("later".utf8).write(to: blobs.appending(path: name))
        try old.write(to: try path("index.db", test))
        // The start that follows has the number of the one that wrote the blob.
        let again = try await test.reopened()
        #expect(try again.files.names(in: .blobs) == [])
        for name in later + [name] {
            let moved = try path("quarantine/\(name)", test)
            #expect(FileManager.default.fileExists(atPath: moved.path()))
        }
        await again.close()
    }

    @Test func `an index that a backup copied takes nothing away that was written since`()
        async throws
    {
        let test = try await TestStore(.disk)
        let copy = try Folders.make()
        defer { Folders.remove(copy) }
        _ = try await test.store.backUp(to: copy.path())
        try await test.store.put("k", large, in: test.bucket)
        let later = try test.names(.blobs)
        await test.store.close()
        let index = try path("index.db", test)
        try Data(contentsOf: copy.appending(path: "index.db")).write(to: index)
        for _ in 0..<2 {
            let store = try await test.reopened()
            #expect(try store.files.names(in: .blobs) == [])
            await store.close()
        }
        let moved = try path("quarantine/\(try #require(later.first))", test)
        #expect(FileManager.default.fileExists(atPath: moved.path()))
    }

    @Test func `a file that is bad twice is kept twice`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        let file = try test.blob(of: "k")
        try TestStore.flip(file, at: 5)
        let bytes = try Data(contentsOf: file)
        for _ in 0..<2 {
            try bytes.write(to: file)
            _ = try await test.store.check(CheckOptions(repairs: true))
        }
        let quarantine = try path("quarantine", test).path()
        let kept = try FileManager.default.contentsOfDirectory(atPath: quarantine).sorted()
        #expect(kept == [file.lastPathComponent, "\(file.lastPathComponent).1"])
        await test.store.close()
    }

    @Test func `without an index, large objects come back from what their blobs say`() async throws
    {
        let test = try await TestStore(.disk)
        let fields = [Field("content-type", "image/png"), Field("x-amz-meta-a", "é")]
        var new = NewObject(key: "a/é", ownerID: test.root.id, fields: fields)
        new.tags = [Field("t", "1")]
        new.storageClass = "GLACIER_IR"
        new.lock = ObjectLock(legalHold: true)
        let put = try await test.store.put(
            new,
            body: try test.store.staged(large),
            in: test.bucket
        )
        try await test.store.put("secret", large, encryption: .managed, in: test.bucket)
        let multipart = try await test.makeMultipart("parts", ["x", "tail"])
        try await test.store.put("small", "inline", in: test.bucket)
        await test.store.close()
        try removeIndex(test)

        let report = try rebuild(test)

        #expect(report.oldIndex == nil)
        #expect(report.rebuiltVersions == 3)
        #expect(report.rebuiltBuckets == ["photos"])
        #expect(report.setAside == [])
        #expect(report.lost.count == 7)
        let store = try await test.reopened()
        let bucket = try store.bucket("photos")
        #expect(bucket.region == "eu-west-1")
        #expect(try store.setting("s", of: bucket) == [1])
        let found = try #require(try store.object("a/é", in: bucket))
        #expect(found.fields == fields && found.tags == new.tags && found.lock == new.lock)
        #expect(found.etag == put.etag && found.modified == put.modified)
        #expect(found.storageClass == "GLACIER_IR" && found.size == put.size)
        for key in ["a/é", "secret"] { #expect(try store.text(key, in: bucket) == large) }
        let parts = try #require(try store.object("parts", in: bucket))
        #expect(parts.etag == multipart.etag && parts.checksum == multipart.checksum)
        #expect(parts.partCount == 2)
        #expect(try store.parts(of: parts).map(\.checksum) == multipart.checksums)
        #expect(try store.text("parts", in: bucket)?.hasSuffix("tail") == true)
        #expect(try store.object("small", in: bucket) == nil)
        #expect(try await store.check().findings == [])
        try await store.put("secret 2", large, encryption: .managed, in: bucket)
        await store.close()
    }

    @Test func `of a bucket that kept versions all come back, of another the newest`() async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.setVersioning(.enabled, of: test.bucket)
        let kept = try test.store.bucket("photos")
        for letter in ["a", "b", "c"] {
            try await test.store.put("k", String(repeating: letter, count: 500), in: kept)
            test.time.advance(bySeconds: 1)
        }
        await test.store.close()
        try removeIndex(test)
        let blobs = try path("blobs", test)
        // What was overwritten, and not removed yet when the power went.
        let record = BlobRecord([
            Field("kind", "object"), Field("bucket", "other"), Field("key", "k"),
            Field("modified", "5"), Field("size", "1"), Field("crc64nvme", "00"),
        ])
        for (name, modified) in [("00000001-a", "5"), ("00000001-b", "6")] {
            let fields = record.fields.map {
                $0.name == "modified" ? Field("modified", modified) : $0
            }
            let bytes = Array("x".utf8) + BlobRecord(fields).encoded
            try Data(bytes).write(to: blobs.appending(path: name))
        }

        let report = try rebuild(test)

        #expect(report.setAside.map(\.blob) == ["00000001-a"])
        let store = try await test.reopened()
        let bucket = try store.bucket("photos")
        #expect(bucket.versioning == .enabled)
        #expect(try store.text("k", in: bucket)?.first == "c")
        let versions = try store.listVersions(VersionQuery(), in: bucket)
        #expect(versions.entries.count == 3)
        #expect(try store.object("k", in: try store.bucket("other"))?.modified.milliseconds == 6)
        let moved = try path("quarantine/00000001-a", test)
        #expect(FileManager.default.fileExists(atPath: moved.path()))
        await store.close()
    }

    @Test func `what can be read of a damaged index is kept, and the rest comes from the blobs`()
        async throws
    {
        let test = try await TestStore(.disk)
        for number in 0..<300 {
            try await test.store.put("small \(number)", "body \(number)", in: test.bucket)
        }
        try await test.store.put("large", large, in: test.bucket)
        let key = try await test.store.directory.createUser(NewUser(name: "ann"))
        await test.store.close()
        try damage(try path("index.db", test))

        let report = try rebuild(test)

        let old = try #require(report.oldIndex)
        #expect(FileManager.default.fileExists(atPath: try path(old, test).path()))
        #expect(!report.damagedTables.isEmpty && !report.lost.isEmpty)
        let store = try await test.reopened()
        #expect(store.directory.credential(key.id) == key)
        let bucket = try store.bucket("photos")
        #expect(try store.text("large", in: bucket) == large)
        let kept = try (0..<300).filter { try store.object("small \($0)", in: bucket) != nil }
        #expect(kept.count > 150, "both sides of the bad page are read")
        for number in kept {
            #expect(try store.text("small \(number)", in: bucket) == "body \(number)")
        }
        #expect(try await store.check().findings == [])
        await store.close()
    }

    /// Overwrites a page with rows of `blobs` in the middle of the file.
    private func damage(_ index: URL) throws {
        let connection = try Connection(index.path(), access: .readOnly)
        let page = try connection.first(
            """
            SELECT pageno FROM dbstat WHERE name = 'blobs' AND pagetype = 'leaf'
            ORDER BY pageno LIMIT 1 OFFSET 2
            """
        ) { $0.integer(0) }
        let file = try FileHandle(forUpdating: index)
        try file.seek(toOffset: UInt64(try #require(page) - 1) * 4096)
        try file.write(contentsOf: Data(repeating: 0xAA, count: 4096))
        try file.close()
    }

    @Test func `a rebuild that was cut off between two renames is finished by the next`()
        async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        await test.store.close()
        let old = try Data(contentsOf: try path("index.db", test))
        _ = try rebuild(test)
        // As if the old one had just been moved away.
        let (index, rebuilt) = (try path("index.db", test), try path("index.db.rebuilt", test))
        try FileManager.default.moveItem(at: index, to: rebuilt)
        let configuration = TestStore.configuration(test.folder, time: test.time)
        let lost = StoreError.indexLost(configuration.folder ?? "")
        #expect(throws: lost) { try Store.open(configuration) }
        // As if it were about to be, and a daemon started on it without its log.
        try old.write(to: index)
        #expect(throws: lost) { try Store.open(configuration) }
        test.time.advance(bySeconds: 1)

        let report = try rebuild(test)

        #expect(report.wasInterrupted && !report.lost.isEmpty)
        let kept = try #require(report.oldIndex)
        #expect(try Data(contentsOf: try path(kept, test)) == old)
        let store = try await test.reopened()
        #expect(try store.text("k", in: try store.bucket("photos")) == large)
        await store.close()
    }

    @Test func `an index that is no database is set aside whole`() async throws {
        let test = try await TestStore(.disk)
        try await test.store.put("k", large, in: test.bucket)
        await test.store.close()
        try Data(repeating: 0x55, count: 8192).write(to: try path("index.db", test))
        let configuration = TestStore.configuration(test.folder, time: test.time)
        #expect(throws: StoreError.self) { try Store.open(configuration) }
        let report = try rebuild(test)
        #expect(report.oldIndex != nil && report.salvagedRows == 0 && report.lost.count == 7)
        let store = try await test.reopened()
        #expect(try store.text("k", in: try store.bucket("photos")) == large)
        await store.close()
    }

    @Test func `a folder that a daemon has is left alone`() async throws {
        let test = try await TestStore(.disk)
        #expect(throws: StoreError.self) { try rebuild(test) }
        await test.store.close()
    }
}

extension TestStore {
    /// Uploads an object in parts; the first is padded to the smallest that S3 takes.
    fileprivate func makeMultipart(
        _ key: String,
        _ bodies: [String]
    ) async throws -> (etag: String, checksum: Checksum?, checksums: [String?]) {
        let new = NewUpload(
            object: NewObject(key: key, ownerID: root.id),
            checksumAlgorithm: .sha256
        )
        let upload = try await store.createUpload(new, in: bucket)
        var parts: [Completion.Part] = []
        for (place, body) in bodies.enumerated() {
            let isLast = place == bodies.count - 1
            let text = isLast ? body : String(repeating: body, count: 5 << 20)
            let staged = try store.staged(text, checksums: [.sha256])
            let part = try await store.putPart(place + 1, of: upload, body: staged, in: bucket)
            let checksum = try #require(part.checksum).value
            parts.append(
                .init(number: place + 1, etag: part.etag, checksums: [.sha256: checksum])
            )
        }
        let object = try await store.complete(upload, with: Completion(parts: parts), in: bucket)
        let checksums = try store.parts(of: object).map(\.checksum)
        return (object.etag, object.checksum, checksums)
    }
}
