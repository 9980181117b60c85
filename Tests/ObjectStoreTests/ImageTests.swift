import NIOCore
import S3Protocol
import Testing

@testable import ObjectStore

/// What a store in memory held at one moment, and stores that begin with it.
@Suite struct ImageTests {
    private func copy(of test: TestStore, _ image: StoreImage? = nil) throws -> Store {
        try Store.open(
            TestStore.configuration(nil, time: test.time),
            from: try image ?? test.store.image()
        )
    }

    @Test func `an image holds buckets, bodies large and small, tags, and users with their keys`()
        async throws
    {
        let test = try await TestStore(.memory)
        try await test.store.put("small", "a", in: test.bucket)
        let big = try await test.store.put("large", large, in: test.bucket)
        try await test.store.setTags([Field("colour", "red")], of: big)
        let key = try await test.store.directory.createUser(NewUser(name: "ann"))

        let copy = try copy(of: test)
        let bucket = try copy.bucket("photos")
        #expect(try copy.text("small", in: bucket) == "a")
        #expect(try copy.text("large", in: bucket) == large)
        #expect(try copy.object("large", in: bucket)?.tags == [Field("colour", "red")])
        #expect(copy.directory.credential(key.id)?.secret == key.secret)
        #expect(copy.directory.rootAccount.canonicalID == test.root.canonicalID)
    }

    @Test func `stores that begin with one image go their own ways`() async throws {
        let test = try await TestStore(.memory)
        try await test.store.put("large", large, in: test.bucket)
        let image = try test.store.image()
        let (one, two) = (try copy(of: test, image), try copy(of: test, image))

        try await test.store.delete("large", in: test.bucket)
        try await test.store.sweeper.sweep()
        try await one.put("large", large + "!", in: try one.bucket("photos"))
        try await one.sweeper.sweep()

        #expect(try test.names(.blobs).isEmpty)
        #expect(try one.text("large", in: try one.bucket("photos")) == large + "!")
        #expect(try two.text("large", in: try two.bucket("photos")) == large)
        #expect(try copy(of: test, image).text("large", in: try two.bucket("photos")) == large)
    }

    @Test func `an upload that is under way is in no image`() async throws {
        let test = try await TestStore(.memory)
        let staged = test.store.stage(sizeHint: nil)
        try staged.append(.init(string: large))
        #expect(try test.names(.staging).count == 1)

        let copy = try copy(of: test)
        #expect(try copy.files.names(in: .staging).isEmpty)
        await copy.finishRecovery()
        let finished = try staged.finish()
        _ = try await test.store.put(
            NewObject(key: "late", ownerID: test.root.id),
            body: finished,
            in: test.bucket
        )
        #expect(try test.store.text("late", in: test.bucket) == large)
        #expect(try copy.text("late", in: try copy.bucket("photos")) == nil)
    }

    @Test func `images that are taken among writers are whole`() async throws {
        let test = try await TestStore(.memory)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for writer in 0..<4 {
                tasks.addTask {
                    for number in 0..<20 {
                        try await test.store.put("\(writer)", "\(number) \(large)", in: test.bucket)
                    }
                }
            }
            for _ in 0..<20 {
                let copy = try copy(of: test)
                let bucket = try copy.bucket("photos")
                for key in try copy.list(ListQuery(), in: bucket).entries.map(\.name) {
                    #expect(try copy.text(key, in: bucket)?.hasSuffix(large) == true)
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `a store on disk has no image`() async throws {
        let test = try await TestStore(.disk)
        #expect(throws: StoreError.notInMemory) { try test.store.image() }
    }

    @Test func `a store in memory that shares its threads is gone with its last reference`()
        async throws
    {
        let workers = WorkerPool(threads: 2)
        var configuration = TestStore.configuration(nil, time: ManualTime(Timestamp(seconds: 0)))
        configuration.workers = workers
        var store: Store? = try Store.open(configuration)
        _ = try await store?.createBucket("photos", owner: 1, region: "us-east-1")
        await store?.finishRecovery()
        weak let files = store?.files as? MemoryFileSystem
        weak let index = store?.index
        #expect(files != nil && index != nil)
        store = nil
        // Its last commit may be about to be forgotten on a thread still.
        for _ in 0..<1000 where index != nil { await Task.yield() }
        #expect(files == nil && index == nil)
    }

    @Test func `a root account may be given its canonical ID`() throws {
        var configuration = TestStore.configuration(nil, time: ManualTime(Timestamp(seconds: 0)))
        configuration.rootCanonicalID = String(repeating: "a", count: 64)
        let store = try Store.open(configuration)
        #expect(store.directory.rootAccount.canonicalID == configuration.rootCanonicalID)
    }
}
