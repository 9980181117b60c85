import Foundation
import S3Protocol
import SQLite
import Synchronization
import Testing

@testable import ObjectStore

private final class Count: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add() { count.add(1, ordering: .relaxed) }
}

@Suite struct SweeperTests {
    private let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    private func withStore(
        _ durability: Durability,
        _ body: (Store, Bucket, FaultyFileSystem, URL) async throws -> Void
    ) async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let disk = try DiskFileSystem(folder.path(), syncs: durability == .full)
        let files = FaultyFileSystem(disk)
        var configuration = TestStore.configuration(folder, time: time)
        configuration.durability = durability
        let store = try Store(configuration, files: files)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        await store.finishRecovery()
        try await body(store, bucket, files, folder)
        await store.close()
    }

    private func garbage(_ store: Store) throws -> [String] {
        try store.index.read { try $0.garbage(after: "", limit: 10_000) }
    }

    @Test func `relaxed, a file goes only once what took its place is on the disk`() async throws {
        try await withStore(.relaxed) { store, bucket, files, _ in
            // What follows sweeps by itself.
            await store.sweeper.stop()
            try await store.put("k", large, in: bucket)
            let old = try files.names(in: .blobs)
            try await store.put("k", large + large, in: bucket)
            #expect(try garbage(store) == old)

            files.failCall(1, with: EIO)
            let failure = await #expect(throws: IOError.self) { try await store.sweeper.sweep() }
            #expect(failure?.call == "syncAll")
            #expect(try files.names(in: .blobs).count == 2)
            #expect(try garbage(store) == old)

            #expect(files.heal())
            try await store.sweeper.sweep()
            #expect(try files.names(in: .blobs).count == 1)
            #expect(files.removed.withLock { $0 } == old)
            #expect(try garbage(store) == [])
        }
    }

    @Test func `relaxed, what a stop leaves is swept by the next start`() async throws {
        try await withStore(.relaxed) { store, bucket, files, folder in
            try await store.put("k", large, in: bucket)
            try await store.delete("k", in: bucket)
            await store.close()
            let again = try Store.open(TestStore.configuration(folder, time: time))
            await again.finishRecovery()
            #expect(try again.files.names(in: .blobs) == [])
            await again.close()
        }
    }

    @Test func `however often it is woken, each file is removed once`() async throws {
        try await withStore(.full) { store, bucket, files, _ in
            let names = (0..<600).map { "file-\($0)" }
            for some in stride(from: 0, to: names.count, by: 10) {
                try await store.index.write { connection in
                    for name in names[some..<some + 10] {
                        let id = try connection.insertBlob(
                            .file(name),
                            size: 1,
                            crc64: [],
                            md5: nil
                        )
                        try connection.release(id, at: Timestamp(seconds: 0))
                    }
                }
            }
            var rounds = 0
            while try !garbage(store).isEmpty, rounds < 1_000_000 {
                await Task.yield()
                rounds += 1
            }
            await store.sweeper.stop()
            #expect(files.removed.withLock { $0.sorted() } == names.sorted())
        }
    }

    @Test func `what releases no file wakes nobody`() async throws {
        try await withStore(.full) { store, bucket, files, _ in
            let woken = Count()
            store.index.whenFilesReleased { woken.add() }
            for body in ["a", "b"] { try await store.put("small", body, in: bucket) }
            try await store.delete("small", in: bucket)
            try await store.put("k", large, in: bucket)
            #expect(woken.value == 0)
            try await store.put("k", large, in: bucket)
            try await store.delete("k", in: bucket)
            // The callback follows the answer; the next commit follows the callback.
            try await store.index.write { _ in }
            #expect(woken.value == 2)
        }
    }

    @Test func `a store that is closed touches nothing more in its folder`() async throws {
        try await withStore(.full) { store, bucket, files, folder in
            let upload = try await store.createUpload(
                NewUpload(object: NewObject(key: "k", ownerID: bucket.ownerID)),
                in: bucket
            )
            let part = try await store.putPart(
                1,
                of: upload,
                body: try store.staged(large),
                in: bucket
            )
            let completion = Completion(parts: [.init(number: 1, etag: part.etag)])
            let object = try await store.complete(upload, with: completion, in: bucket)
            var reader: ObjectContent? = try store.content(of: object, range: 0..<object.size)
            try await store.delete("k", in: bucket)
            await store.close()
            let removed = files.removed.withLock { $0.count }

            withExtendedLifetime(reader) {}
            reader = nil
            store.sweeper.wake()
            await store.sweeper.stop()

            #expect(files.removed.withLock { $0.count } == removed)
            #expect(throws: LockedConnection.Closed.self) { try garbage(store) }
            let path = folder.path()
            #expect(!FileManager.default.fileExists(atPath: "\(path)/index.db-wal"))
        }
    }

    @Test func `a connection in use while the pool closes is closed when it is given back`()
        async throws
    {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let path = folder.appending(path: "index.db").path()
        let writer = try LockedConnection(path, access: .readWrite)
        try writer.use { try $0.run("PRAGMA journal_mode = WAL") }
        try writer.use { try $0.run("CREATE TABLE t(x)") }
        let pool = ReaderPool(path)
        try pool.use { connection in
            _ = try connection.first("SELECT 1 FROM t") { _ in true }
            pool.close()
        }
        #expect(throws: LockedConnection.Closed.self) { try pool.use { _ in } }
        writer.close()
        #expect(!FileManager.default.fileExists(atPath: "\(path)-wal"))
    }

    /// SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE and SQLITE_FULL.
    @Test(arguments: [(1034, true), (778, false), (13, false)] as [(Int32, Bool)])
    func `a full disk keeps the file of a commit that may have happened, and no other`(
        code extended: Int32,
        stays: Bool
    ) async throws {
        try await withStore(.full) { store, _, files, _ in
            let file = try await store.publish([1, 2, 3]) { BlobRecord([]) }
            let failure = await code {
                try await store.index.write(keeping: file) { connection -> Void in
                    connection.rollBack()
                    throw SQLiteError(
                        extendedCode: extended,
                        message: "no room",
                        systemError: EDQUOT
                    )
                }
            }
            #expect(failure == "ServiceUnavailable")
            #expect(try files.names(in: .blobs) == (stays ? [file.name] : []))
        }
    }

    @Test func `what an earlier attempt may have written is not forgotten for a later one`() {
        let full = CommitFailed(reason: SQLiteError(extendedCode: 13, message: "full"))
        let sync = CommitFailed(
            reason: SQLiteError(extendedCode: 1034, message: "sync", systemError: ENOSPC)
        )
        #expect(!full.mayHaveHappened && sync.mayHaveHappened && sync.isDiskFull)
        #expect(full.following(sync).mayHaveHappened)
        #expect(!full.following(full).mayHaveHappened)
    }

    @Test func `a process that may open no more files says that it is busy`() async throws {
        try await withStore(.full) { store, bucket, files, _ in
            files.failCall(1, with: EMFILE)
            #expect(await code { try await store.put("k", large, in: bucket) } == "SlowDown")
            _ = files.heal()
            try await store.put("k", large, in: bucket)
        }
    }

    @Test func `a bucket goes with many uploads, a few in each commit`() async throws {
        try await withStore(.full) { store, bucket, files, _ in
            for number in 1...12 {
                let upload = try await store.createUpload(
                    NewUpload(object: NewObject(key: "\(number)", ownerID: bucket.ownerID)),
                    in: bucket
                )
                let body = try store.staged("x")
                _ = try await store.putPart(1, of: upload, body: body, in: bucket)
            }
            try await store.deleteBucket(bucket)
            try await store.sweeper.sweep()
            #expect(try files.names(in: .blobs) == [])
            #expect(throws: S3Error.self) { try store.bucket("photos") }
        }
    }

    @Test func `in memory a small part takes no file`() async throws {
        let test = try await TestStore(.memory)
        let upload = try await test.store.createUpload(
            NewUpload(object: NewObject(key: "k", ownerID: test.root.id)),
            in: test.bucket
        )
        let body = try test.store.staged("part")
        let part = try await test.store.putPart(1, of: upload, body: body, in: test.bucket)
        #expect(try test.names(.blobs) == [])
        let completion = Completion(parts: [.init(number: 1, etag: part.etag)])
        _ = try await test.store.complete(upload, with: completion, in: test.bucket)
        #expect(try test.store.text("k", in: test.bucket) == "part")
    }
}
