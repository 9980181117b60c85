import Foundation
import S3Protocol
import SQLite
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct ReserveTests {
    private let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    private func withStore(
        _ body: (Store, Bucket, FaultyFileSystem, URL) async throws -> Void
    ) async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let files = FaultyFileSystem(try DiskFileSystem(folder.path(), syncs: true))
        let store = try Store(TestStore.configuration(folder, time: time), files: files)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        await store.finishRecovery()
        try await body(store, bucket, files, folder)
        await store.close()
    }

    /// The lengths of the files that hold room back.
    private func reserved(_ folder: URL) -> [Int] {
        (0..<Reserve.fileCount).compactMap { number in
            let path = folder.appending(path: "reserve-\(number)").path()
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return (attributes?[.size] as? NSNumber)?.intValue
        }
    }

    private var all: [Int] {
        Array(repeating: Int(Reserve.fileSize), count: Reserve.fileCount)
    }

    /// Fails like a disk on which the log finds no room, so many times.
    private final class FullDisk: Sendable {
        private let left: Mutex<Int>

        init(times: Int) { left = Mutex(times) }

        func commit(on connection: Connection) throws {
            let isFull = left.withLock { left in
                left -= 1
                return left >= 0
            }
            guard isFull else { return }
            connection.rollBack()
            throw SQLiteError(extendedCode: 13, message: "database or disk is full")
        }
    }

    @Test func `a store holds room back on its disk`() async throws {
        try await withStore { _, _, _, folder in #expect(reserved(folder) == all) }
    }

    @Test func `a start gives the room up until all its files are made`() async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        for _ in 0..<2 {
            let store = try Store.open(TestStore.configuration(folder, time: time))
            await store.finishRecovery()
            #expect(reserved(folder) == [])
            store.holdReserve()
            #expect(reserved(folder) == all)
            await store.close()
        }
    }

    @Test func `a deletion that finds no room is given what was held back`() async throws {
        try await withStore { store, bucket, files, folder in
            files.isFull.store(true, ordering: .relaxed)
            let disk = FullDisk(times: 2)
            try await store.index.write(for: .freeing) { try disk.commit(on: $0) }
            #expect(reserved(folder) == [])

            files.isFull.store(false, ordering: .relaxed)
            try await store.put("k", "there is room again", in: bucket)
            #expect(reserved(folder) == all)
        }
    }

    @Test func `what was given up is held again before the deletion is answered`() async throws {
        try await withStore { store, _, _, folder in
            let disk = FullDisk(times: 2)
            try await store.index.write(for: .freeing) { try disk.commit(on: $0) }
            #expect(reserved(folder) == all)
        }
    }

    @Test func `a write that finds no room is refused, and what was held back stays`()
        async throws
    {
        try await withStore { store, _, _, folder in
            let disk = FullDisk(times: 2)
            let refusal = await code {
                try await store.index.write { try disk.commit(on: $0) }
            }
            #expect(refusal == "ServiceUnavailable")
            #expect(reserved(folder) == all)
        }
    }

    @Test func `a write that finds no room is written over what is in the log already`()
        async throws
    {
        try await withStore { store, bucket, _, folder in
            let path = folder.appending(path: "index.db-wal").path()
            func length() throws -> Int? {
                (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?
                    .intValue
            }
            for number in 0..<10 { try await store.put("k\(number)", "in the log", in: bucket) }
            let full = try length()
            let disk = FullDisk(times: 1)
            try await store.index.write { connection in
                try disk.commit(on: connection)
                _ = try connection.next("sequence")
            }

            #expect(try length() == full)
            #expect(reserved(folder) == all)
            try await store.put("k", "more", in: bucket)
            #expect(try length() == full)
            #expect(try store.text("k9", in: bucket) == "in the log")
        }
    }

    @Test func `while no room can be held back, objects are read and deleted, and none is taken`()
        async throws
    {
        try await withStore { store, bucket, files, _ in
            try await store.put("small", "old", in: bucket)
            try await store.put("large", large, in: bucket)
            files.isFull.store(true, ordering: .relaxed)
            store.reserve.giveUp()

            for body in ["new", large + large] {
                let refusal = await code { try await store.put("k", body, in: bucket) }
                #expect(refusal == "ServiceUnavailable")
            }
            let again = await code {
                _ = try await store.createBucket("photos", owner: bucket.ownerID, region: "")
            }
            #expect(again == "BucketAlreadyOwnedByYou", "a start makes its buckets again")
            #expect(try files.names(in: .staging) == [])
            #expect(try store.text("large", in: bucket) == large)
            try await store.delete("large", in: bucket)
            #expect(try store.text("small", in: bucket) == "old")

            files.isFull.store(false, ordering: .relaxed)
            try await store.put("k", large, in: bucket)
            #expect(try store.text("k", in: bucket) == large)
        }
    }

    @Test func `on a full disk no marker is added, and what makes room goes without a message`()
        async throws
    {
        try await withStore { store, bucket, files, _ in
            try await store.setVersioning(.enabled, of: bucket)
            let kept = try store.bucket("photos")
            let first = try await store.put("k", large, in: kept)
            try await store.put("k", "second", in: kept)
            files.isFull.store(true, ordering: .relaxed)
            store.reserve.giveUp()
            let telling = Announcement { _ in [NewMessage(to: "queue", about: "k", [1])] }
            let marker = Deletion("k", by: kept.ownerID)
            let id = try #require(first.versionID.flatMap { VersionID($0) })
            let version = Deletion("k", version: .id(id), by: kept.ownerID)

            let refusal = await code {
                try await store.delete(marker, in: kept, telling: telling)
            }
            #expect(refusal == "ServiceUnavailable")
            let results = try await store.delete([marker, version], in: kept, telling: telling)
            #expect(results.map { (try? $0.get()) != nil } == [false, true])
            #expect(try store.object("k", in: kept)?.size == 6)
            #expect(try store.mailbox.count(for: "queue") == 0)

            files.isFull.store(false, ordering: .relaxed)
            try await store.delete(marker, in: kept, telling: telling)
            #expect(try store.object("k", in: kept) == nil)
            #expect(try store.mailbox.count(for: "queue") == 1)
        }
    }

    @Test func `on a full disk a marker that takes the place of bytes is added`() async throws {
        try await withStore { store, bucket, files, _ in
            try await store.put("k", large, in: bucket)
            try await store.setVersioning(.suspended, of: bucket)
            let suspended = try store.bucket("photos")
            files.isFull.store(true, ordering: .relaxed)
            store.reserve.giveUp()
            let deletion = Deletion("k", by: suspended.ownerID)
            let deleted = try await store.delete(deletion, in: suspended)
            #expect(deleted.removed != nil && deleted.marker != nil)
            let nothing = Deletion("nothing", by: suspended.ownerID)
            let refusal = await code { try await store.delete(nothing, in: suspended) }
            #expect(refusal == "ServiceUnavailable")
        }
    }

    @Test func `where the disk has less room than is to be held back, that much is held`()
        async throws
    {
        try await withStore { store, _, files, folder in
            store.reserve.giveUp()
            files.failCall(3, with: ENOSPC)
            #expect(throws: IOError.self) { try store.reserve.hold() }
            #expect(files.heal())
            #expect(reserved(folder) == Array(all.prefix(2)))
            try store.reserve.hold()
            #expect(reserved(folder) == all)
        }
    }
}
