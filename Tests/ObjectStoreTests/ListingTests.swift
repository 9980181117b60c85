import Digests
import S3Protocol
import Testing

@testable import ObjectStore

@Suite struct ListingTests {
    /// What a listing must be, the slow and obvious way.
    private struct Model {
        let keys: [[UInt8]]

        init(_ keys: some Sequence<String>) {
            self.keys = Set(keys.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        }

        func names(prefix: String, delimiter: String?) -> [[UInt8]] {
            var names: [[UInt8]] = []
            let prefix = Array(prefix.utf8)
            for key in keys where key.starts(with: prefix) {
                var name = key
                if let delimiter = delimiter.map({ Array($0.utf8) }) {
                    for end in prefix.count...key.count
                    where key[end...].starts(with: delimiter) {
                        name = Array(key[..<(end + delimiter.count)])
                        break
                    }
                }
                if names.last != name { names.append(name) }
            }
            return names
        }
    }

    /// All pages of a listing.
    private func names(
        _ query: ListQuery,
        _ test: TestStore
    ) throws -> [[UInt8]] {
        var query = query
        var names: [[UInt8]] = []
        while true {
            let page = try test.store.list(query, in: test.bucket)
            #expect(page.entries.count <= query.limit)
            #expect(!page.isTruncated || page.entries.count == query.limit)
            names += page.entries.map { Array($0.name.utf8) }
            guard let next = page.next else { return names }
            query.start = next
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>, Medium.allCases)
    func `every page of every listing is what the slow way finds`(
        seed: UInt64,
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let random = SeededRandom(seed: seed)
        let pieces = ["a", "b", "/", "//", "é", "e\u{301}", "\u{FFFF}", "\u{10000}", "-", "\u{7F}"]
        var keys: [String] = []
        for _ in 0..<80 {
            let choices = random.bytes(Int(random.bytes(1)[0] % 6) + 1)
            keys.append(choices.map { pieces[Int($0) % pieces.count] }.joined())
        }
        try await withThrowingTaskGroup { group in
            for key in keys {
                group.addTask { _ = try await test.store.put(key, "x", in: test.bucket) }
            }
            try await group.waitForAll()
        }
        let model = Model(keys)

        for prefix in ["", "a", "a/", "/", "é", "absent", "\u{10000}"] {
            for delimiter in [nil, "/", "//", "b", "\u{FFFF}", "é"] {
                for limit in [2, 1000] {
                    let query = ListQuery(prefix: prefix, delimiter: delimiter, limit: limit)
                    #expect(
                        try names(query, test) == model.names(prefix: prefix, delimiter: delimiter),
                        "prefix \(prefix), delimiter \(delimiter ?? "none"), limit \(limit)"
                    )
                }
            }
        }
    }

    @Test(arguments: Medium.allCases)
    func `order is that of UTF-8, where a supplementary plane comes after U+FFFF`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        // UTF-16 would put U+1F600 first.
        for key in ["\u{1F600}", "\u{FFFF}", "\u{E000}", "z"] {
            try await test.store.put(key, "x", in: test.bucket)
        }
        let listed = try test.store.list(ListQuery(), in: test.bucket).entries.map(\.name)
        #expect(listed == ["z", "\u{E000}", "\u{FFFF}", "\u{1F600}"])
    }

    @Test(arguments: Medium.allCases)
    func `a listing begins after a key, which need not exist, or after a prefix`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        for key in ["a/1", "a/2", "b", "c/1", "d"] {
            try await test.store.put(key, "x", in: test.bucket)
        }
        func names(_ start: ListQuery.Start, limit: Int = 1000) throws -> [String] {
            try test.store.list(
                ListQuery(delimiter: "/", start: start, limit: limit),
                in: test.bucket
            ).entries.map(\.name)
        }

        #expect(try names(.beginning) == ["a/", "b", "c/", "d"])
        #expect(try names(.afterKey("a/1")) == ["a/", "b", "c/", "d"])
        #expect(try names(.afterKey("a/9")) == ["b", "c/", "d"])
        #expect(try names(.afterPrefix("a/")) == ["b", "c/", "d"])
        #expect(try names(.afterKey("bb")) == ["c/", "d"])
        #expect(try names(.afterKey("z")) == [])
        #expect(try names(.beginning, limit: 0) == [])
    }

    @Test(arguments: Medium.allCases)
    func `a page that holds the last entry is not truncated`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        for key in ["a/1", "a/2"] { try await test.store.put(key, "x", in: test.bucket) }

        let page = try test.store.list(ListQuery(delimiter: "/", limit: 1), in: test.bucket)
        #expect(page.entries == [.commonPrefix("a/")])
        #expect(!page.isTruncated)
        #expect(page.next == nil)
    }

    @Test(arguments: Medium.allCases)
    func `a listing shows what it needs of each object`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        let new = NewObject(
            key: "k",
            ownerID: test.root.id,
            storageClass: "GLACIER",
            checksum: Checksum(.crc32, .fullObject, "AAAAAA==")
        )
        let object = try await test.store.put(
            new,
            body: try test.store.staged("x"),
            in: test.bucket
        )

        let page = try test.store.list(ListQuery(), in: test.bucket)

        guard case .object(let listed)? = page.entries.first else {
            Issue.record("no object")
            return
        }
        #expect(listed.size == 1)
        #expect(listed.etag == object.etag)
        #expect(listed.modified == object.modified)
        #expect(listed.storageClass == "GLACIER")
        #expect(listed.checksumAlgorithm == "CRC32")
        #expect(listed.checksumType == "FULL_OBJECT")
        #expect(listed.ownerID == test.root.id)
    }
}
