import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// What a page costs in instructions of SQLite's machine, which is the same on every computer.
@Suite struct ListingScaleTests {
    private static let small = 3_000
    private static let large = 300_000

    /// A bucket with this many keys, `00/0000000` to `99/…`: a hundred prefixes.
    private func stocked(_ count: Int) async throws -> TestStore {
        let test = try await TestStore(.memory)
        let bucket = test.bucket.id
        try test.store.index.writer.use { connection in
            try connection.run(
                """
                INSERT INTO versions(bucket, key, sequence, size, etag, modified, owner, storage_class, fields)
                WITH RECURSIVE numbers(n) AS
                    (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?2)
                SELECT ?1, CAST(printf('%02d/%07d', n * 100 / ?2, n) AS BLOB), -1 - n, 1, 'e', 0, 1, 'STANDARD', x''
                FROM numbers
                """,
                .integer(bucket),
                .integer(count)
            )
        }
        return test
    }

    /// What `body` costs, when its statements are compiled already.
    private func cost(_ test: TestStore, _ body: () throws -> Void) throws -> Int64 {
        try body()
        let before = try test.store.index.writer.use { $0.machineSteps }
        try body()
        return try test.store.index.writer.use { $0.machineSteps } - before
    }

    /// Holds a page to costing the same among few keys and among many.
    private func expectFlat(
        _ limit: Int64,
        _ page: (TestStore) throws -> Int,
        entries: Int
    ) async throws {
        var costs: [Int64] = []
        for count in [Self.small, Self.large] {
            let test = try await stocked(count)
            #expect(try page(test) == entries)
            costs.append(try cost(test) { _ = try page(test) })
        }
        #expect(costs[1] <= costs[0] + 100, "\(costs)")
        #expect(costs[1] <= limit, "\(costs)")
    }

    @Test(arguments: [ListQuery.Start.beginning, .afterKey("50/"), .afterPrefix("98/")])
    func `a page without a delimiter costs its own rows`(start: ListQuery.Start) async throws {
        let query = ListQuery(start: start, limit: 20)
        try await expectFlat(
            2_000,
            { try $0.store.list(query, in: $0.bucket).entries.count },
            entries: 20
        )
    }

    @Test(arguments: ["/", "/0", "9/"])
    func `a page of common prefixes costs a seek for each, whatever the delimiter`(
        delimiter: String
    ) async throws {
        let query = ListQuery(delimiter: delimiter, limit: 10)
        try await expectFlat(
            1_500,
            { try $0.store.list(query, in: $0.bucket).entries.count },
            entries: 10
        )
    }

    @Test func `a marker inside a common prefix costs no more`() async throws {
        let query = ListQuery(delimiter: "/", start: .afterKey("50/0000000"), limit: 10)
        try await expectFlat(
            1_500,
            { try $0.store.list(query, in: $0.bucket).entries.count },
            entries: 10
        )
    }

    @Test(arguments: [nil, "/"])
    func `a page of versions costs its own rows`(delimiter: String?) async throws {
        let query = VersionQuery(delimiter: delimiter, start: .afterKey("50/"), limit: 10)
        try await expectFlat(
            2_000,
            { try $0.store.listVersions(query, in: $0.bucket).entries.count },
            entries: 10
        )
    }

    @Test func `a key with many versions is passed by a seek`() async throws {
        let test = try await stocked(Self.small)
        let bucket = test.bucket.id
        let query = ListQuery(limit: 20)
        let page: () throws -> Void = { _ = try test.store.list(query, in: test.bucket) }
        let before = try cost(test, page)
        try test.store.index.writer.use { connection in
            try connection.run(
                """
                INSERT INTO versions(bucket, key, sequence, size, etag, modified, owner, storage_class, fields)
                WITH RECURSIVE numbers(n) AS
                    (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
                SELECT ?1, CAST('00/0000003' AS BLOB), n, 1, 'e', 0, 1, 'STANDARD', x'' FROM numbers
                """,
                .integer(bucket)
            )
        }
        #expect(try test.store.list(query, in: test.bucket).entries.count == 20)
        #expect(try cost(test, page) < before + 2_000)
    }

    @Test func `uploads that are completed do not slow the listing of the others`() async throws {
        let test = try await TestStore(.memory)
        let new = NewUpload(object: NewObject(key: "z", ownerID: test.root.id))
        _ = try await test.store.createUpload(new, in: test.bucket)
        let bucket = test.bucket.id
        let page: () throws -> Void = {
            let page = try test.store.uploads(UploadQuery(), in: test.bucket)
            #expect(page.entries.count == 1)
        }
        let before = try cost(test, page)
        try test.store.index.writer.use { connection in
            try connection.run(
                """
                INSERT INTO uploads(bucket, key, id, initiated, owner, storage_class, fields, result_sequence)
                WITH RECURSIVE numbers(n) AS
                    (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 50000)
                SELECT ?1, CAST('k' || n AS BLOB), 'id', 0, 1, 'STANDARD', x'', n FROM numbers
                """,
                .integer(bucket)
            )
        }
        #expect(try cost(test, page) < before + 50)
    }
}
