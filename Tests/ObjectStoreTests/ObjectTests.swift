import Digests
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

@Suite struct ObjectTests {
    @Test(arguments: Medium.allCases, ["", "small", large])
    func `what was put is read back, whole and in ranges`(medium: Medium, body: String) async throws
    {
        let test = try await TestStore(medium)
        let put = try await test.store.put("a/b", body, in: test.bucket)

        let object = try #require(try test.store.object("a/b", in: test.bucket))
        #expect(object == put)
        #expect(object.size == Int64(body.utf8.count))
        #expect(object.etag == Hex.encode(HashFunction.hash(.md5, Array(body.utf8))))
        #expect(object.modified == test.time.now())
        #expect(try test.store.text("a/b", in: test.bucket) == body)
        let middle = String(body.dropFirst(2).prefix(30))
        #expect(try test.store.text("a/b", in: test.bucket, range: 2..<32) == middle)
        #expect(try test.store.text("a/b", in: test.bucket, range: 1_000_000..<2_000_000) == "")
    }

    @Test(arguments: Medium.allCases)
    func `what was given with an object comes back in order and byte for byte`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let fields = [
            Field("x-amz-meta-b", "2"), Field("content-type", "text/plain; charset=\"utf-8\""),
            Field("x-amz-meta-a", "größe, 1:2"), Field("x-amz-meta-empty", ""),
        ]
        let checksum = Checksum(.crc32, .fullObject, "AAAAAA==")
        var new = NewObject(
            key: "k",
            ownerID: test.root.id,
            fields: fields,
            storageClass: "GLACIER"
        )
        new.checksum = checksum
        new.etag = "made-up"
        _ = try await test.store.put(new, body: try test.store.staged("x"), in: test.bucket)

        let object = try #require(try test.store.object("k", in: test.bucket))

        #expect(object.fields == fields)
        #expect(object.storageClass == "GLACIER")
        #expect(object.checksum == checksum)
        #expect(object.etag == "made-up")
        #expect(object[field: "content-type"] == "text/plain; charset=\"utf-8\"")
    }

    @Test(arguments: Medium.allCases, ["small", large])
    func `an overwrite and a delete leave no bytes behind`(
        medium: Medium,
        body: String
    ) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("k", body, in: test.bucket)
        try await test.store.put("k", body + "2", in: test.bucket)
        #expect(try test.store.text("k", in: test.bucket) == body + "2")

        let deleted = try await test.store.delete("k", in: test.bucket)
        #expect(deleted?.size == Int64(body.utf8.count + 1))
        #expect(try test.store.object("k", in: test.bucket) == nil)
        #expect(try await test.store.delete("k", in: test.bucket) == nil)

        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
        #expect(try test.names(.staging) == [])
        #expect(try test.store.count("blobs") == 0)
        #expect(try test.store.count("garbage") == 0)
    }

    @Test(arguments: Medium.allCases)
    func `many deletes are one, and a condition keeps only its own key`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        for key in ["a", "b"] { try await test.store.put(key, large, in: test.bucket) }

        let results = try await test.store.delete(
            [
                Deletion("a", by: test.root.id),
                Deletion("b", by: test.root.id) { _ in throw S3Error(.preconditionFailed) },
                Deletion("absent", by: test.root.id),
            ],
            in: test.bucket
        )

        let codes = results.map { result in
            if case .failure(let error) = result { error.code } else { nil as S3Error.Code? }
        }
        #expect(codes == [nil, .preconditionFailed, nil])
        #expect(try test.store.list(ListQuery(), in: test.bucket).entries.map(\.name) == ["b"])
    }

    @Test(arguments: Medium.allCases)
    func `a condition sees the current object, and a failed one changes nothing`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        try await test.store.put("k", "first", in: test.bucket) { #expect($0 == nil) }

        let failed = await code {
            try await test.store.put("k", large, in: test.bucket) { current in
                #expect(current?.size == 5)
                throw S3Error(.preconditionFailed)
            }
        }

        #expect(failed == "PreconditionFailed")
        #expect(try test.store.text("k", in: test.bucket) == "first")
        #expect(try test.names(.blobs) == [])
        #expect(try test.names(.staging) == [])
    }

    @Test(arguments: Medium.allCases)
    func `of many that put only if there is nothing, one does`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let successes = await withTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let failed = await code {
                        try await test.store.put("k", "\(number)", in: test.bucket) { current in
                            if current != nil { throw S3Error(.preconditionFailed) }
                        }
                    }
                    return failed == nil ? 1 : 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(successes == 1)
    }

    @Test(arguments: Medium.allCases, ["small", large])
    func `a copy shares its source's bytes and outlives it`(
        medium: Medium,
        body: String
    ) async throws {
        let test = try await TestStore(medium)
        let source = try await test.store.put("source", body, in: test.bucket)
        let new = NewObject(key: "copy", ownerID: test.root.id, fields: [Field("a", "b")])
        let copy = try await test.store.link(new, contentOf: source, in: test.bucket)
        #expect(copy.etag == source.etag)
        #expect(copy.fields == [Field("a", "b")])
        #expect(try test.store.count("blobs") == 1)

        try await test.store.delete("source", in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.store.text("copy", in: test.bucket) == body)
        try await test.store.delete("copy", in: test.bucket)
        #expect(try test.store.count("blobs") == 0)
    }

    @Test(arguments: Medium.allCases)
    func `an object copied onto itself keeps its bytes`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let source = try await test.store.put("k", large, in: test.bucket)
        let new = NewObject(key: "k", ownerID: test.root.id, fields: [Field("a", "b")])
        _ = try await test.store.link(new, contentOf: source, in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.store.text("k", in: test.bucket) == large)
        #expect(try test.store.object("k", in: test.bucket)?.fields == [Field("a", "b")])
        await #expect(throws: ContentGone.self) {
            _ = try await test.store.link(new, contentOf: source, in: test.bucket)
        }
    }

    @Test(arguments: Medium.allCases)
    func `a body that is being read stays whole while its object is replaced`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let object = try await test.store.put("k", large, in: test.bucket)
        let content = try test.store.content(of: object, range: 0..<object.size)

        try await test.store.put("k", "new", in: test.bucket)
        try await test.store.sweeper.sweep()

        #expect(try content.text() == large)
        #expect(throws: ContentGone.self) { try test.store.content(of: object, range: 0..<1) }
    }

    @Test(arguments: Medium.allCases)
    func `keys are bytes: two spellings of one letter are two keys`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let keys = ["é", "e\u{301}", "a//b", "../x", "/", "nul\0", "\u{FFFF}", "\u{1F600}"]
        for (number, key) in keys.enumerated() {
            try await test.store.put(key, "\(number)", in: test.bucket)
        }
        for (number, key) in keys.enumerated() {
            #expect(try test.store.text(key, in: test.bucket) == "\(number)")
        }
    }

    @Test func `a damaged inline body is not handed out`() async throws {
        let test = try await TestStore(.memory)
        let object = try await test.store.put("k", "small", in: test.bucket)
        _ = try await test.store.index.write { try $0.run("UPDATE blobs SET data = X'00'") }
        #expect(throws: DamagedBlob.self) { try test.store.content(of: object, range: 0..<5) }
    }
}

extension Store {
    /// How many rows a table has.
    func count(_ table: String) throws -> Int64? {
        try index.read { try $0.first("SELECT count(*) FROM \(table)") { $0.integer(0) } }
    }
}
