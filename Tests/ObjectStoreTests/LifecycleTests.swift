import Foundation
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct LifecycleTests {
    private func lifecycle(_ rules: String) throws -> LifecycleConfiguration {
        try LifecycleConfiguration(
            document: "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>".utf8,
            transitionMinimum: .variesByClass
        ) { "made" }
    }

    private func expiring(days: Int) throws -> LifecycleConfiguration {
        try lifecycle(
            "<Rule><Filter/><Status>Enabled</Status><Expiration><Days>\(days)</Days></Expiration></Rule>"
        )
    }

    @Test(arguments: Medium.allCases)
    func `what expires leaves no bytes behind`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("a", large, in: test.bucket)
        try await test.store.put("b", "small", in: test.bucket)
        try await test.store.setLifecycle(try expiring(days: 1), of: test.bucket)
        test.time.advance(bySeconds: 2 * 24 * 60 * 60)

        #expect(await test.store.runLifecycles().expired == 2)

        #expect(try test.store.list(ListQuery(), in: test.bucket).entries == [])
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
        let blobs = try test.store.index.read { connection in
            try connection.first("SELECT COUNT(*) FROM blobs") { $0.integer(0) }
        }
        #expect(blobs == 0)
    }

    @Test func `lifecycles, classes and restores are there again after a start`() async throws {
        let test = try await TestStore(.disk)
        let rules = try expiring(days: 3)
        try await test.store.setLifecycle(rules, of: test.bucket)
        let object = try await test.store.put("a", "x", in: test.bucket)
        let until = Timestamp(seconds: 1_800_000_000)
        try await test.store.restore(object, until: until)
        try await test.store.index.write { try $0.move(object, to: "GLACIER") }
        let moved = try #require(try test.store.object("a", in: test.bucket))
        #expect((moved.storageClass, moved.restoredUntil) == ("GLACIER", nil))
        try await test.store.restore(moved, until: until)

        let store = try await test.reopened()

        #expect(store.lifecycle(of: test.bucket) == rules)
        let found = try #require(try store.object("a", in: test.bucket))
        #expect((found.storageClass, found.restoredUntil) == ("GLACIER", until))
        try await store.setLifecycle(nil, of: test.bucket)
        #expect(store.lifecycle(of: test.bucket) == nil)
        await store.close()
    }

    @Test func `a lifecycle that cannot be read deletes nothing and keeps no store from opening`()
        async throws
    {
        let test = try await TestStore(.disk)
        try await test.store.put("a", "x", in: test.bucket)
        try await test.store.set("lifecycle", to: Array("nonsense".utf8), of: test.bucket)
        let store = try await test.reopened()
        #expect(store.lifecycle(of: test.bucket) == nil)
        test.time.advance(bySeconds: 1 << 30)
        #expect(await store.runLifecycles() == LifecycleReport())
        #expect(try store.object("a", in: test.bucket) != nil)
        await store.close()
    }

    @Test func `a version that is replaced, tagged or moved in between is judged anew`()
        async throws
    {
        let test = try await TestStore(.memory)
        let tagged = try lifecycle(
            """
            <Rule><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Enabled</Status>\
            <Expiration><Days>1</Days></Expiration></Rule>
            """
        )
        let object = try await test.store.put("a", "x", in: test.bucket)
        try await test.store.setTags([Field("k", "v")], of: object)
        let due = LifecycleScan.Due(key: Array("a".utf8), place: -object.sequence)
        let now = test.time.now().advanced(bySeconds: 2 * 24 * 60 * 60)
        let bucket = test.bucket
        func action() throws -> LifecycleAction? {
            try test.store.index.read { connection in
                try connection.lifecycleSubject(due, in: bucket).flatMap {
                    tagged.action(for: $0.subject, at: now)
                }
            }
        }
        #expect(try action() == .expire)
        try await test.store.setTags([], of: object)
        #expect(try action() == nil)
        try await test.store.put("a", "y", in: test.bucket)
        #expect(try action() == nil)
    }

    @Test func `a task that is cancelled ends between two transactions`() async throws {
        let test = try await TestStore(.memory)
        try await test.store.put("a", "x", in: test.bucket)
        try await test.store.setLifecycle(try expiring(days: 1), of: test.bucket)
        test.time.advance(bySeconds: 1 << 20)
        let store = test.store
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await store.runLifecycles()
        }
        #expect(await task.value == LifecycleReport())
        #expect(try test.store.object("a", in: test.bucket) != nil)
    }

    @Test func `a key with more versions than a page is judged as one key`() async throws {
        let test = try await TestStore(.memory)
        try await test.store.setVersioning(.enabled, of: test.bucket)
        let bucket = try test.store.bucket("photos")
        for number in 0..<LifecycleScan.pageRows + 10 {
            try await test.store.put("a", "\(number)", in: bucket)
        }
        try await test.store.delete("a", in: bucket)
        try await test.store.setLifecycle(
            try lifecycle(
                """
                <Rule><Filter/><Status>Enabled</Status><NoncurrentVersionExpiration>\
                <NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>3</NewerNoncurrentVersions>\
                </NoncurrentVersionExpiration></Rule>
                """
            ),
            of: bucket
        )
        test.time.advance(bySeconds: 1 << 20)
        #expect(await test.store.runLifecycles().removed == LifecycleScan.pageRows + 7)
        let left = try test.store.listVersions(VersionQuery(), in: bucket).entries.count
        #expect(left == 4)
    }
}
