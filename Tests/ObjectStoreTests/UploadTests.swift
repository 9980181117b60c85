import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct UploadTests {
    /// A part of 5 MiB, of one letter.
    private func part(_ letter: String) -> String { String(repeating: letter, count: 5 << 20) }

    private func begin(
        _ test: TestStore,
        _ key: String = "k",
        _ algorithm: ChecksumAlgorithm? = nil
    ) async throws -> Upload {
        try await test.store.createUpload(
            NewUpload(
                object: NewObject(
                    key: key,
                    ownerID: test.root.id,
                    fields: [Field("content-type", "video/mp4")]
                ),
                checksumAlgorithm: algorithm
            ),
            in: test.bucket
        )
    }

    private func put(
        _ number: Int,
        _ body: String,
        _ upload: Upload,
        _ test: TestStore
    ) async throws -> Completion.Part {
        let body = try test.store.staged(
            body,
            checksums: upload.checksumAlgorithm.map { [$0] } ?? []
        )
        let part = try await test.store.putPart(number, of: upload, body: body, in: test.bucket)
        var checksums: [ChecksumAlgorithm: String] = [:]
        if let checksum = part.checksum { checksums[checksum.algorithm] = checksum.value }
        return Completion.Part(number: number, etag: part.etag, checksums: checksums)
    }

    @Test(arguments: Medium.allCases)
    func `parts become one object, that is read across them`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test, "k", .crc32)
        let parts = [
            try await put(2, part("a"), upload, test), try await put(7, "tail", upload, test),
        ]
        _ = try await put(9, "never named", upload, test)

        let object = try await test.store.complete(
            upload,
            with: Completion(parts: parts),
            in: test.bucket
        )

        #expect(object.size == 5 << 20 + 4)
        #expect(object.partCount == 2)
        #expect(object.etag.hasSuffix("-2"))
        #expect(object.checksum?.type == .composite)
        #expect(object[field: "content-type"] == "video/mp4")
        #expect(try test.store.object("k", in: test.bucket) == object)
        #expect(try test.store.text("k", in: test.bucket) == part("a") + "tail")
        let seam: Range<Int64> = (5 << 20 - 2)..<(5 << 20 + 2)
        #expect(try test.store.text("k", in: test.bucket, range: seam) == "aata")
        #expect(try test.store.text("k", in: test.bucket, range: 0..<2) == "aa")
        let described = try test.store.parts(of: object)
        #expect(described.map(\.number) == [2, 7])
        #expect(described.map(\.offset) == [0, 5 << 20])
        #expect(described.map(\.checksum) == parts.map { $0.checksums[.crc32] })

        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs).count == (medium == .disk ? 3 : 1))
        try await test.store.delete("k", in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
        for table in ["blobs", "segments", "upload_parts"] {
            #expect(try test.store.count(table) == 0)
        }
    }

    @Test(arguments: Medium.allCases)
    func `completing again gives the same answer, also once the object is gone`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test)
        let completion = Completion(parts: [try await put(1, large, upload, test)])
        let object = try await test.store.complete(upload, with: completion, in: test.bucket)
        try await test.store.delete("k", in: test.bucket)

        let again = try await test.store.complete(upload, with: completion, in: test.bucket) { _ in
            throw S3Error(.preconditionFailed)
        }

        #expect(again.etag == object.etag)
        #expect(again.size == object.size)
        #expect(again.modified == object.modified)
        #expect(again.checksum == object.checksum)
        #expect(try test.store.object("k", in: test.bucket) == nil)
        #expect(
            try test.store.upload(upload.id, key: "k", in: test.bucket, orCompleted: true).result
                != nil
        )
    }

    @Test(arguments: Medium.allCases)
    func `a completed upload takes no part, lists none and cannot be aborted`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let (store, bucket) = (test.store, test.bucket)
        let upload = try await begin(test)
        let completion = Completion(parts: [try await put(1, large, upload, test)])
        _ = try await store.complete(upload, with: completion, in: bucket)

        #expect(await code { _ = try await self.put(2, large, upload, test) } == "NoSuchUpload")
        #expect(await code { _ = try store.parts(of: upload, limit: 10) } == "NoSuchUpload")
        #expect(await code { try await store.abort(upload) } == "NoSuchUpload")
        #expect(
            await code { _ = try store.upload(upload.id, key: "k", in: bucket) } == "NoSuchUpload"
        )
        #expect(try store.uploads(UploadQuery(), in: bucket).entries == [])
        #expect(try test.names(.staging) == [])
    }

    @Test func `a completed upload is forgotten after a day`() async throws {
        let test = try await TestStore(.memory)
        let upload = try await begin(test)
        let completion = Completion(parts: [try await put(1, "x", upload, test)])
        _ = try await test.store.complete(upload, with: completion, in: test.bucket)
        test.time.advance(bySeconds: 25 * 60 * 60)
        let later = try await begin(test)
        let other = Completion(parts: [try await put(1, "x", later, test)])
        _ = try await test.store.complete(later, with: other, in: test.bucket)
        #expect(
            await code {
                _ = try await test.store.complete(upload, with: completion, in: test.bucket)
            } == "NoSuchUpload"
        )
    }

    @Test(arguments: Medium.allCases)
    func `a part that is uploaded again replaces the first`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test)
        let old = try await put(1, large, upload, test)
        let new = try await put(1, large + "!", upload, test)
        #expect(
            await code {
                _ = try await test.store.complete(
                    upload,
                    with: Completion(parts: [old]),
                    in: test.bucket
                )
            } == "InvalidPart"
        )
        _ = try await test.store.complete(upload, with: Completion(parts: [new]), in: test.bucket)
        #expect(try test.store.text("k", in: test.bucket) == large + "!")
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs).count == (medium == .disk ? 2 : 1))
    }

    @Test(arguments: Medium.allCases)
    func `a condition that fails leaves the upload as it was`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("k", "old", in: test.bucket)
        let upload = try await begin(test)
        let completion = Completion(parts: [try await put(1, large, upload, test)])
        #expect(
            await code {
                _ = try await test.store.complete(upload, with: completion, in: test.bucket) {
                    current in
                    if current != nil { throw S3Error(.preconditionFailed) }
                }
            } == "PreconditionFailed"
        )
        #expect(try test.store.text("k", in: test.bucket) == "old")
        _ = try await test.store.complete(upload, with: completion, in: test.bucket)
        #expect(try test.store.text("k", in: test.bucket) == large)
    }

    @Test(arguments: Medium.allCases)
    func `an aborted upload leaves nothing`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test)
        _ = try await put(1, large, upload, test)
        try await test.store.abort(upload)
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
        #expect(await code { try await test.store.abort(upload) } == "NoSuchUpload")
    }

    @Test(arguments: Medium.allCases)
    func `an object of parts that is being read stays whole while it is replaced`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test)
        let parts = [
            try await put(1, part("a"), upload, test), try await put(2, large, upload, test),
        ]
        let object = try await test.store.complete(
            upload,
            with: Completion(parts: parts),
            in: test.bucket
        )
        try await {
            let content = try test.store.content(of: object, range: 0..<object.size)
            try await test.store.put("k", "new", in: test.bucket)
            try await test.store.sweeper.sweep()
            #expect(try content.text() == part("a") + large)
        }()
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
    }

    @Test(arguments: Medium.allCases)
    func `parts are listed by number, page by page`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let upload = try await begin(test)
        for number in [3, 1, 10] { _ = try await put(number, large, upload, test) }
        let first = try test.store.parts(of: upload, limit: 2)
        #expect(first.parts.map(\.number) == [1, 3])
        #expect(first.isTruncated)
        let second = try test.store.parts(of: upload, after: 3, limit: 2)
        #expect(second.parts.map(\.number) == [10])
        #expect(!second.isTruncated)
    }

    @Test(arguments: Medium.allCases)
    func `uploads are listed by key, then by age, with markers and common prefixes`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        var uploads: [Upload] = []
        for key in ["b", "a/2", "a/1", "b"] {
            test.time.advance(bySeconds: 1)
            uploads.append(try await begin(test, key))
        }
        func names(_ query: UploadQuery) throws -> [String] {
            try test.store.uploads(query, in: test.bucket).entries.map { entry in
                switch entry {
                case .upload(let upload):
                    "\(upload.key)#\(uploads.firstIndex { $0.id == upload.id } ?? -1)"
                case .commonPrefix(let prefix): prefix
                }
            }
        }

        #expect(try names(UploadQuery()) == ["a/1#2", "a/2#1", "b#0", "b#3"])
        #expect(try names(UploadQuery(prefix: "a/")) == ["a/1#2", "a/2#1"])
        #expect(try names(UploadQuery(delimiter: "/")) == ["a/", "b#0", "b#3"])
        #expect(
            try names(UploadQuery(delimiter: "/", start: .afterPrefix("a/"))) == ["b#0", "b#3"]
        )
        #expect(try names(UploadQuery(start: .afterKey("a/2"))) == ["b#0", "b#3"])
        #expect(
            try names(UploadQuery(start: .afterUpload(key: "b", id: uploads[0].id))) == ["b#3"]
        )
        let page = try test.store.uploads(UploadQuery(limit: 3), in: test.bucket)
        #expect(page.isTruncated)
        #expect(page.entries.count == 3)
    }
}
