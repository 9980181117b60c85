import Foundation
import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct FaultTests {
    private let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    private func open(_ folder: URL, writeLimit: Int = .max) throws -> (Store, FaultyFileSystem) {
        let disk = try DiskFileSystem(folder.path(), syncs: true)
        let files = FaultyFileSystem(disk, writeLimit: writeLimit)
        return (try Store(TestStore.configuration(folder, time: time), files: files), files)
    }

    @Test(arguments: [EIO, ENOSPC])
    func `whichever call of a PUT fails, the old object is whole and nothing is left behind`(
        errno: CInt
    ) async throws {
        for number in 1...20 {
            let folder = try Folders.make()
            defer { Folders.remove(folder) }
            let (store, files) = try open(folder)
            let owner = store.directory.rootAccount.id
            let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
            try await store.put("k", large, in: bucket)
            await store.finishRecovery()

            files.failCall(number, with: errno)
            let failure = await code { try await store.put("k", large + large, in: bucket) }
            // The PUT is through with all its calls.
            guard files.heal(), let failure else {
                #expect(number == 7, "a PUT makes six calls")
                return
            }

            #expect(failure.hasPrefix(errno == ENOSPC ? "ServiceUnavailable" : ""))
            #expect(try store.text("k", in: bucket) == large)
            await store.close()
            let (again, _) = try open(folder)
            await again.finishRecovery()
            #expect(try again.files.names(in: .staging) == [])
            #expect(try again.files.names(in: .blobs).count == 1)
            #expect(try again.text("k", in: bucket) == large)
            try await again.put("k", "writable", in: bucket)
            await again.close()
        }
        Issue.record("a PUT that never ends")
    }

    @Test func `after a failed sync the store reads only, until it is opened again`() async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let (store, files) = try open(folder)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        try await store.put("k", "old", in: bucket)
        await store.finishRecovery()

        // Created, written, and the record written: the fourth call is the sync.
        files.failCall(4, with: EIO)
        await #expect(throws: SyncFailed.self) { try await store.put("k", large, in: bucket) }
        _ = files.heal()

        #expect(await code { try await store.put("k", "new", in: bucket) } == "ServiceUnavailable")
        #expect(await code { try await store.put("k", large, in: bucket) } == "ServiceUnavailable")
        #expect(await code { try await store.delete("k", in: bucket) } == "ServiceUnavailable")
        #expect(try store.text("k", in: bucket) == "old")
        #expect(try files.names(in: .staging) == [])
        await store.close()
    }

    @Test func `a disk that takes a few bytes at a time still gets all of them`() async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let (store, _) = try open(folder, writeLimit: 7)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        try await store.put("k", large, in: bucket)
        #expect(try store.text("k", in: bucket) == large)
        await store.close()
    }
}

/// Folders that a test makes and removes.
enum Folders {
    static func make() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pail-\(UUID().uuidString)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static func remove(_ folder: URL) { try? FileManager.default.removeItem(at: folder) }
}
