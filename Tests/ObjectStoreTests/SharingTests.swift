import Digests
import S3Protocol
import Testing

@testable import ObjectStore

/// What is copied without being read.
@Suite struct SharingTests {
    private func begin(
        _ test: TestStore,
        _ algorithm: ChecksumAlgorithm? = nil
    ) async throws -> Upload {
        try await test.store.createUpload(
            NewUpload(
                object: NewObject(key: "copy", ownerID: test.root.id),
                checksumAlgorithm: algorithm
            ),
            in: test.bucket
        )
    }

    private func link(
        _ source: StoredObject,
        _ range: Range<Int64>? = nil,
        to upload: Upload,
        _ test: TestStore,
        number: Int = 1
    ) async throws -> UploadedPart? {
        try await test.store.linkPart(
            number,
            of: upload,
            contentOf: source,
            range: range ?? 0..<source.size,
            checksum: upload.checksumAlgorithm ?? .crc64nvme
        )
    }

    @Test(arguments: Medium.allCases)
    func `a whole object becomes a part without a second file, and outlives its source`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let source = try await test.store.put("source", large, in: test.bucket)
        let upload = try await begin(test)

        let part = try #require(try await link(source, to: upload, test))

        #expect(try test.names(.blobs).count == 1)
        #expect(part.etag == source.etag)
        #expect(part.size == source.size)
        let crc64 = try test.store.staged(large).digests.crc64
        #expect(part.checksum == Checksum(.crc64nvme, .fullObject, Base64.encode(crc64)))
        let completion = Completion(parts: [.init(number: 1, etag: part.etag)])
        _ = try await test.store.complete(upload, with: completion, in: test.bucket)
        try await test.store.delete("source", in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.store.text("copy", in: test.bucket) == large)
        try await test.store.delete("copy", in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
    }

    @Test func `so does a range that is exactly a part`() async throws {
        let test = try await TestStore(.disk)
        let first = try await begin(test)
        let five = String(repeating: "x", count: 5 << 20)
        for (number, body) in [(1, five), (2, large)] {
            let staged = try test.store.staged(body)
            _ = try await test.store.putPart(number, of: first, body: staged, in: test.bucket)
        }
        let parts = try test.store.parts(of: first, limit: 10).parts
        let source = try await test.store.complete(
            first,
            with: Completion(parts: parts.map { .init(number: $0.number, etag: $0.etag) }),
            in: test.bucket
        )
        let files = try test.names(.blobs).count
        let upload = try await begin(test)
        let end = Int64(five.utf8.count)

        let part = try #require(try await link(source, end..<source.size, to: upload, test))

        #expect(part.etag == parts[1].etag)
        #expect(try test.names(.blobs).count == files)
        #expect(try await link(source, end - 1..<source.size, to: upload, test) == nil)
        #expect(try await link(source, to: upload, test) == nil)
    }

    @Test func `what is inline, or has no such checksum, is to be read`() async throws {
        let test = try await TestStore(.disk)
        let small = try await test.store.put("small", "x", in: test.bucket)
        let source = try await test.store.put("large", large, in: test.bucket)
        #expect(try await link(small, to: begin(test), test) == nil)
        #expect(try await link(source, 1..<source.size, to: begin(test), test) == nil)
        #expect(try await link(source, to: begin(test, .sha256), test) == nil)
        #expect(try await link(source, to: begin(test, .md5), test)?.checksum?.algorithm == .md5)
    }

    @Test func `a part that takes its own place keeps its bytes`() async throws {
        let test = try await TestStore(.disk)
        let source = try await test.store.put("source", large, in: test.bucket)
        let upload = try await begin(test)
        for _ in 0..<3 { _ = try await link(source, to: upload, test) }
        try await test.store.delete("source", in: test.bucket)
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs).count == 1)
        try await test.store.abort(upload)
        try await test.store.sweeper.sweep()
        #expect(try test.names(.blobs) == [])
    }

    @Test func `a source that is gone is told, and the upload stays as it was`() async throws {
        let test = try await TestStore(.disk)
        let source = try await test.store.put("source", large, in: test.bucket)
        let upload = try await begin(test)
        try await test.store.put("source", "new", in: test.bucket)
        #expect(try await link(source, to: upload, test) == nil)
        #expect(try test.store.parts(of: upload, limit: 10).parts.isEmpty)
    }

    @Test func `the checksums that are known of an object put whole`() async throws {
        let test = try await TestStore(.disk)
        let source = try await test.store.put("source", large, in: test.bucket)
        let digests = try test.store.staged(large).digests
        for (algorithm, bytes) in [
            (ChecksumAlgorithm.crc64nvme, digests.crc64), (.md5, digests.md5),
        ] {
            let known = try test.store.knownChecksum(algorithm, of: source)
            #expect(known == Checksum(algorithm, .fullObject, Base64.encode(bytes)))
        }
        #expect(try test.store.knownChecksum(.sha1, of: source) == nil)
    }
}
