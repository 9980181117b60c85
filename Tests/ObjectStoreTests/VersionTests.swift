import Digests
import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct VersionTests {
    @Test(arguments: Medium.allCases)
    func `a bucket that keeps versions keeps what is overwritten`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let bucket = try await test.keeping(.enabled)
        let first = try await test.store.put("k", "first", in: bucket)
        let second = try await test.store.put("k", large, in: bucket)

        #expect(try test.store.text("k", in: bucket) == large)
        #expect(try test.text(first) == "first")
        #expect(try test.text(second) == large)
        #expect(first.versionID?.utf8.count == 32)
    }

    @Test(arguments: Medium.allCases)
    func `deleting adds a marker, and deleting the marker brings the object back`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let bucket = try await test.keeping(.enabled)
        try await test.store.put("k", "body", in: bucket)

        let deleted = try await test.store.delete(Deletion("k", by: test.root.id), in: bucket)

        let marker = try #require(deleted.marker)
        #expect(deleted.removed == nil)
        #expect(try test.store.object("k", in: bucket) == nil)
        #expect(try test.store.version(.latest, of: "k", in: bucket)?.isDeleteMarker == true)
        #expect(try test.store.list(ListQuery(), in: bucket).entries.isEmpty)

        let undone = try await test.store.delete(marker.deletion(by: test.root), in: bucket)
        #expect(undone.removed == marker)
        #expect(try test.store.text("k", in: bucket) == "body")
    }

    @Test(arguments: Medium.allCases)
    func `deleting the latest version restores the one before and frees its bytes`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let bucket = try await test.keeping(.enabled)
        try await test.store.put("k", "first", in: bucket)
        let second = try await test.store.put("k", large, in: bucket)

        _ = try await test.store.delete(second.deletion(by: test.root), in: bucket)
        try await test.store.sweeper.sweep()

        #expect(try test.store.text("k", in: bucket) == "first")
        #expect(try test.names(.blobs) == [])
    }

    @Test(arguments: Medium.allCases)
    func `while suspended, only the null version is overwritten`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("k", "before", in: test.bucket)
        _ = try await test.keeping(.enabled)
        let kept = try await test.store.put("k", "kept", in: test.bucket)
        let bucket = try await test.keeping(.suspended)

        let null = try await test.store.put("k", "null", in: bucket)

        #expect(null.versionID == nil)
        #expect(try test.texts("k", in: bucket) == ["null", "kept"])
        #expect(try test.text(kept) == "kept")

        let deleted = try await test.store.delete(Deletion("k", by: test.root.id), in: bucket)
        #expect(deleted.removed == null)
        #expect(deleted.marker?.versionID == nil)
        #expect(try test.store.object("k", in: bucket) == nil)
        #expect(try test.texts("k", in: bucket) == [nil, "kept"])
    }

    @Test func `conditions see no object behind a delete marker`() async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        try await test.store.put("k", "x", in: bucket)
        try await test.store.delete("k", in: bucket)

        try await test.store.put("k", "y", in: bucket) { #expect($0 == nil) }
    }

    @Test func `an upload that is completed twice names the same version`() async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        let upload = try await test.store.createUpload(
            NewUpload(object: NewObject(key: "k", ownerID: test.root.id)),
            in: bucket
        )
        let part = try await test.store.putPart(
            1,
            of: upload,
            body: try test.store.staged(large),
            in: bucket
        )
        let completion = Completion(
            parts: [Completion.Part(number: 1, etag: part.etag, checksums: [:])],
            checksum: nil,
            size: nil
        )
        let first = try await test.store.complete(upload, with: completion, in: bucket)
        let again = try await test.store.complete(upload, with: completion, in: bucket)

        #expect(first.versionID != nil)
        #expect(again.versionID == first.versionID)
    }

    @Test(arguments: [1, 2, 3, 100])
    func `a listing goes through all versions, the newest first, whatever the page`(
        limit: Int
    ) async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        for body in ["1", "2", "3"] {
            for key in ["a", "b/x", "b/y", "c"] { try await test.store.put(key, body, in: bucket) }
        }
        try await test.store.delete("c", in: bucket)

        let all = try test.versions(VersionQuery(limit: limit), in: bucket)

        #expect(
            all.map(\.object.key) == ["a", "a", "a", "b/x", "b/x", "b/x", "b/y", "b/y", "b/y"] + [
                "c", "c", "c", "c",
            ]
        )
        #expect(all.filter(\.isLatest).map(\.object.key) == ["a", "b/x", "b/y", "c"])
        #expect(all.map(\.isDeleteMarker).firstIndex(of: true) == 9)
    }

    @Test func `a listing goes on after a version that was deleted since`() async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        for body in ["1", "2", "3"] { try await test.store.put("k", body, in: bucket) }
        let page = try test.store.listVersions(VersionQuery(limit: 2), in: bucket)
        let seen = page.entries.compactMap {
            if case .version(let version) = $0 { version } else { nil }
        }
        let ids = seen.compactMap(\.versionID).compactMap { VersionID($0) }
        for id in ids {
            let deletion = Deletion("k", version: .id(id), by: test.root.id)
            _ = try await test.store.delete(deletion, in: bucket)
        }

        let rest = try test.versions(
            VersionQuery(start: .afterVersion(key: "k", .id(try #require(ids.last)))),
            in: bucket
        )

        #expect(rest.count == 1)
        #expect(rest.first?.object.etag == Hex.encode(HashFunction.hash(.md5, Array("1".utf8))))
    }

    @Test func `who deletes page by page misses nothing behind a version without an identifier`()
        async throws
    {
        let test = try await TestStore(.memory)
        let kept = try await test.keeping(.enabled)
        for body in ["1", "2"] { try await test.store.put("k", body, in: kept) }
        let bucket = try await test.keeping(.suspended)
        try await test.store.put("k", "null", in: bucket)
        try await test.store.put("l", "null", in: bucket)
        var query = VersionQuery(limit: 1)

        for _ in 0..<4 {
            let page = try test.store.listVersions(query, in: bucket)
            for case .version(let version) in page.entries {
                let id = version.versionID.flatMap { VersionID($0) }
                let place = id.map { ObjectVersion.id($0) } ?? .null
                let key = version.object.key
                let deletion = Deletion(key, version: place, by: test.root.id)
                _ = try await test.store.delete(deletion, in: bucket)
                query.start = .afterVersion(key: key, place)
            }
        }

        try await test.store.deleteBucket(bucket)
    }

    @Test func `common prefixes stand for all versions of their keys`() async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        for key in ["a", "b/x", "b/x", "b/y", "c"] {
            try await test.store.put(key, "x", in: bucket)
        }

        let page = try test.store.listVersions(VersionQuery(delimiter: "/"), in: bucket)

        let names = page.entries.map {
            switch $0 {
            case .version(let version): version.object.key
            case .commonPrefix(let prefix): prefix
            }
        }
        #expect(names == ["a", "b/", "c"])
    }

    @Test func `a bucket with a delete marker alone is not empty`() async throws {
        let test = try await TestStore(.memory)
        let bucket = try await test.keeping(.enabled)
        try await test.store.delete("k", in: bucket)

        #expect(await code { try await test.store.deleteBucket(bucket) } == "BucketNotEmpty")
    }

    @Test func `versions are there after a restart`() async throws {
        let test = try await TestStore(.disk)
        let bucket = try await test.keeping(.enabled)
        let first = try await test.store.put("k", "first", in: bucket)
        try await test.store.put("k", "second", in: bucket)

        let store = try await test.reopened()

        let found = try store.bucket("photos")
        #expect(found.versioning == .enabled)
        #expect(try store.version(first.version, of: "k", in: found) == first)
        await store.close()
    }

    @Test(arguments: [
        "", "null", String(repeating: "a", count: 31), String(repeating: "é", count: 16),
    ])
    func `what cannot be an identifier is none`(text: String) {
        #expect(VersionID(text) == nil)
    }

    @Test func `an identifier tells its place and hides it`() {
        let random = SeededRandom(seed: 7)
        for sequence in [1, 2, 255, 1 << 40, Int64.max] {
            let id = VersionID(sequence: sequence, random: random)
            #expect(id.text.utf8.count == 32)
            #expect(VersionID(id.text) == id)
        }
    }
}

extension TestStore {
    /// The bucket, after its keeping of versions was changed.
    fileprivate func keeping(_ versioning: Versioning) async throws -> Bucket {
        try await store.setVersioning(versioning, of: bucket)
        return try store.bucket(bucket.name)
    }

    fileprivate func text(_ object: StoredObject) throws -> String? {
        try store.open(object.key, version: object.version, in: bucket) { 0..<$0.size }?
            .content.text()
    }

    /// What all versions of a key hold, the newest first; `nil` for a delete marker.
    fileprivate func texts(_ key: String, in bucket: Bucket) throws -> [String?] {
        try versions(VersionQuery(prefix: key), in: bucket).map { version in
            guard !version.isDeleteMarker else { return nil }
            let id = version.versionID.flatMap { VersionID($0) }.map { ObjectVersion.id($0) }
            return try store.open(key, version: id ?? .null, in: bucket) { 0..<$0.size }?
                .content.text()
        }
    }

    /// All versions, page by page.
    fileprivate func versions(
        _ query: VersionQuery,
        in bucket: Bucket
    ) throws -> [ListedVersion] {
        var (query, all) = (query, [ListedVersion]())
        for _ in 0..<100 {
            let page = try store.listVersions(query, in: bucket)
            for case .version(let version) in page.entries { all.append(version) }
            guard page.isTruncated, let last = all.last else { return all }
            let id = last.versionID.flatMap { VersionID($0) }.map { ObjectVersion.id($0) }
            query.start = .afterVersion(key: last.object.key, id ?? .null)
        }
        return all
    }
}

extension StoredObject {
    fileprivate var version: ObjectVersion {
        versionID.flatMap { VersionID($0) }.map { .id($0) } ?? .null
    }

    fileprivate func deletion(by account: Account) -> Deletion {
        Deletion(key, version: version, by: account.id)
    }
}
