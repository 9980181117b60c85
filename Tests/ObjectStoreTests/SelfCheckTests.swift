import Foundation
import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct SelfCheckTests {
    /// A store whose last sync failed, over a disk that works again.
    private func afterFailedSync(
        _ body: (Store, FaultyFileSystem, Bucket, URL) async throws -> Void
    ) async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let disk = try DiskFileSystem(folder.path(), syncs: true)
        let files = FaultyFileSystem(disk)
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        let store = try Store(TestStore.configuration(folder, time: time), files: files)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "r")
        try await store.put("k", large, in: bucket)
        await store.finishRecovery()
        // Created, written, and the record written: the fourth call is the sync.
        files.failCall(4, with: EIO)
        await #expect(throws: SyncFailed.self) { try await store.put("lost", large, in: bucket) }
        _ = files.heal()
        #expect(store.readOnlyReason != nil)
        #expect(await code { try await store.put("k", "x", in: bucket) } == "ServiceUnavailable")
        try await body(store, files, bucket, folder)
        await store.close()
    }

    @Test func `after a failed sync a store that finds itself whole can be written to again`()
        async throws
    {
        try await afterFailedSync { (store, files, bucket, _) async throws in
            #expect(await store.verifyItself())
            #expect(store.readOnlyReason == nil)
            try await store.put("k", large + large, in: bucket)
            #expect(try store.text("k", in: bucket) == large + large)
            #expect(try store.object("lost", in: bucket) == nil)
            #expect(try files.names(in: .staging) == [])
        }
    }

    @Test func `a disk that goes on failing leaves the store as it is`() async throws {
        try await afterFailedSync { (store, files, bucket, _) async throws in
            // The blob is opened; a file is made, written, synced, renamed, and its folder synced.
            for number in 1...6 {
                files.failCall(number, with: EIO)
                #expect(await !store.verifyItself(), "call \(number) failed")
                #expect(files.heal())
                #expect(try store.text("k", in: bucket) == large)
            }
            #expect(await store.verifyItself())
            #expect(try files.names(in: .blobs).count == 1)
        }
    }

    @Test func `a store that finds a blob of this start changed stays as it is`() async throws {
        try await afterFailedSync { (store, files, _, folder) async throws in
            let name = try #require(try files.names(in: .blobs).first)
            try TestStore.flip(folder.appending(path: "blobs/\(name)"), at: 77)
            #expect(await !store.verifyItself())
            #expect(store.readOnlyReason != nil)
        }
    }

    @Test func `a store whose index is damaged is not talked out of it`() async throws {
        let test = try await TestStore(.disk)
        test.store.health.turnReadOnly(because: .disk("a sync failed"))
        test.store.health.turnReadOnly(because: .index("a page is gone"))
        #expect(await !test.store.verifyItself())
        #expect(test.store.readOnlyReason == "a page is gone")
        await test.store.close()
    }
}
