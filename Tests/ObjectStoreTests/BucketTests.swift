import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct BucketTests {
    @Test(arguments: Medium.allCases)
    func `a name belongs to one account at a time`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let other = try await test.store.directory.createUser(
            NewUser(name: "u", account: "other")
        ).account

        #expect(
            await code { try await test.make("photos", test.root.id) } == "BucketAlreadyOwnedByYou"
        )
        #expect(await code { try await test.make("photos", other.id) } == "BucketAlreadyExists")

        try await test.store.deleteBucket(test.bucket)
        #expect(await code { _ = try test.store.bucket("photos") } == "NoSuchBucket")
        try await test.make("photos", other.id)
        #expect(try test.store.bucket("photos").ownerID == other.id)
        #expect(try test.store.bucket("photos").id != test.bucket.id)
    }

    @Test(arguments: Medium.allCases)
    func `a bucket with an object stays, one with only uploads goes with them`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("k", "x", in: test.bucket)
        #expect(await code { try await test.store.deleteBucket(test.bucket) } == "BucketNotEmpty")
        try await test.store.delete("k", in: test.bucket)
        let upload = try await test.store.createUpload(
            NewUpload(object: NewObject(key: "k", ownerID: test.root.id)),
            in: test.bucket
        )
        _ = try await test.store.putPart(
            1,
            of: upload,
            body: try test.store.staged(large),
            in: test.bucket
        )

        try await test.store.deleteBucket(test.bucket)

        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
        #expect(await code { try await test.store.deleteBucket(test.bucket) } == "NoSuchBucket")
        #expect(
            await code { try await test.store.put("k", large, in: test.bucket) } == "NoSuchBucket"
        )
        #expect(try test.names(.blobs) == [])
    }

    @Test(arguments: Medium.allCases)
    func `an account's buckets come in the order of their names, page by page`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        for name in ["b-2", "a", "b-10", "b-1"] { try await test.make(name, test.root.id) }
        func names(
            _ prefix: String = "",
            after: String? = nil,
            limit: Int = .max
        ) throws -> [String] {
            try test.store.buckets(
                ownedBy: test.root.id,
                prefix: prefix,
                after: after,
                limit: limit
            ).map(\.name)
        }

        #expect(try names() == ["a", "b-1", "b-10", "b-2", "photos"])
        #expect(try names("b-") == ["b-1", "b-10", "b-2"])
        #expect(try names(after: "b-1", limit: 2) == ["b-10", "b-2"])
        #expect(try names("b-", after: "a") == ["b-1", "b-10", "b-2"])
        #expect(try test.store.buckets(ownedBy: 99) == [])
    }
}

extension TestStore {
    fileprivate func make(_ name: String, _ owner: Account.ID) async throws {
        _ = try await store.createBucket(name, owner: owner, region: "eu-west-1")
    }
}
