import Foundation
import NIOCore
import HTTPMessage
import NIOHTTP1
import TestSupport
import Testing

@testable import GalleryClient

/// What a bucket does beyond what every storage does.
@Suite struct GalleryStorageTests {
    @Test func `everything is under the location`() async throws {
        let bucket = try await TestBucket { $0.location = "media" }
        try await bucket.storage.save("x", as: "images/cat.jpg")
        #expect(bucket.wire.sent.last?.line == "PUT /photos/media/images/cat.jpg")
        #expect(try bucket.storage.url(for: "a.jpg").contains("/photos/media/a.jpg?"))
    }

    @Test func `a save sends its type, its settings and the condition`() async throws {
        let bucket = try await TestBucket {
            $0.cacheControl = "max-age=60"
            $0.defaultACL = "private"
            $0.storageClass = "STANDARD"
        }
        let options = SaveOptions(
            contentDisposition: "inline",
            metadata: ["Title": "A cat"]
        )
        let saved = try await bucket.storage.save(
            .bytes(ByteBuffer(string: "x")),
            named: "cat.png",
            options: options
        )
        let put = try #require(bucket.wire.sent.last)
        #expect(put.header("content-type") == "image/png")
        #expect(put.header("cache-control") == "max-age=60")
        #expect(put.header("content-disposition") == "inline")
        #expect(put.header("x-amz-acl") == "private")
        #expect(put.header("x-amz-storage-class") == "STANDARD")
        #expect(put.header("if-none-match") == "*")
        #expect(saved.checksum?.hasPrefix("CRC64NVME:") == true)
        #expect(try await bucket.storage.stat("cat.png")?.metadata == ["title": "A cat"])
    }

    @Test(arguments: ["Größe", "a\r\nb", " a"])
    func `metadata that S3 would change is refused, as boto3 refuses it`(
        value: String
    ) async throws {
        let bucket = try await TestBucket()
        let error = await failure {
            let options = SaveOptions(metadata: ["title": value])
            _ = try await bucket.storage.save(.bytes(ByteBuffer()), named: "a", options: options)
        }
        #expect(error?.kind == .refused)
        #expect(bucket.wire.sent.isEmpty)
    }

    @Test func `a name that another writer takes meanwhile gets another`() async throws {
        let s3 = try await InProcessS3()
        let rival = GalleryStorage(
            BucketConfiguration(bucket: "photos"),
            client: try s3.client()
        )
        let wire = FaultyTransport(s3.transport) { place, _ in
            // Between the question and the write.
            place == 1 ? .during { try await rival.save("rival", as: "cat.jpg", .overwrite) } : nil
        }
        let storage = GalleryStorage(
            BucketConfiguration(bucket: "photos"),
            client: try s3.client(over: wire)
        )
        let saved = try await storage.save("mine", as: "cat.jpg")
        #expect(saved.name != "cat.jpg")
        #expect(try await storage.text("cat.jpg") == "rival")
        #expect(try await storage.text(saved.name) == "mine")
    }

    @Test(arguments: [SaveOptions.NamePolicy.unique, .failIfExists])
    func `a save whose reply was lost is found again, and not stored under another name`(
        policy: SaveOptions.NamePolicy
    ) async throws {
        // The question, the write, the write again, and a look at what is there.
        let bucket = try await TestBucket(script: { place, _ in place == 1 ? .loseReply : nil })
        let saved = try await bucket.storage.save("meow", as: "cat.jpg", policy)
        #expect((saved.name, saved.size) == ("cat.jpg", 4))
        #expect(bucket.wire.sent.map(\.request.method) == [.HEAD, .PUT, .PUT, .HEAD])
    }

    @Test func `of a server without conditional writes, only the question is asked`() async throws {
        let document = "<Error><Code>NotImplemented</Code><Message>no</Message></Error>"
        let bucket = try await TestBucket(script: { _, request in
            request.headers.contains(name: "if-none-match")
                ? .answer(.notImplemented, [:], document) : nil
        })
        #expect(try await bucket.storage.save("1", as: "cat.jpg").name == "cat.jpg")
        #expect(try await bucket.storage.save("2", as: "cat.jpg").name != "cat.jpg")
        #expect(try await bucket.storage.text("cat.jpg") == "1")
    }

    @Test func `a key that may not ask still saves`() async throws {
        let bucket = try await TestBucket(script: { _, request in
            request.method == .HEAD ? .answer(.forbidden, [:], "") : nil
        })
        #expect(try await bucket.storage.save("1", as: "cat.jpg").name == "cat.jpg")
        #expect(try await bucket.storage.save("2", as: "cat.jpg").name != "cat.jpg")
    }

    @Test func `a long stream is stored in parts`() async throws {
        let bucket = try await TestBucket { $0.multipartThreshold = 5 << 20 }
        let bytes = TestBytes.make((12 << 20) + 5)
        let pieces = TestBytes.stream(bytes, pieces: 100_000)
        let saved = try await bucket.storage.save(
            .stream(length: nil, MediaBody { try await pieces.next() }),
            named: "film.mp4"
        )
        #expect(saved.size == bytes.readableBytes)
        #expect(saved.etag.hasSuffix("-2"))
        let body = try await bucket.storage.open("film.mp4").body
        #expect(try await body.collect(upTo: 1 << 24) == bytes)
    }

    @Test func `listed types are stored compressed and read as they were`() async throws {
        let bucket = try await TestBucket { $0.gzips = true }
        let text = String(repeating: "body { color: red }\n", count: 20_000)
        let saved = try await bucket.storage.save(text, as: "site.css")
        #expect(saved.size < 10_000)
        #expect(bucket.wire.sent.last?.header("content-encoding") == "gzip")
        #expect(try await bucket.storage.text("site.css") == text)
        let range = await failure { _ = try await bucket.storage.open("site.css", range: 0..<3) }
        #expect(range?.kind == .unsupported)
        try await bucket.storage.save("x", as: "cat.jpg")
        #expect(bucket.wire.sent.last?.header("content-encoding") == nil)
    }

    @Test func `a damaged gzip is an error`() async throws {
        let zipped = try await MediaBody.whole(ByteBuffer(string: "hello hello hello")).gzipped()
            .collect(upTo: 1000)
        let cut = try #require(zipped.getSlice(at: 0, length: zipped.readableBytes - 6))
        for bytes in [cut, ByteBuffer(string: "no gzip"), ByteBuffer()] {
            let error = await failure {
                _ = try await MediaBody.whole(bytes).gunzipped().collect(upTo: 1000)
            }
            #expect(error?.kind == .corrupted)
        }
    }

    @Test func `a folder is removed with all that is in it, and nothing beside it`() async throws {
        let bucket = try await TestBucket()
        for name in ["a/1.txt", "a/b/2.txt", "ab/3.txt", "a.txt"] {
            try await bucket.storage.save("x", as: name)
        }
        #expect(try await bucket.storage.deletePrefixed("a") == 2)
        #expect(try await bucket.storage.list("", after: nil).folders == ["ab"])
        #expect(try await bucket.storage.exists("a.txt"))
        let error = await failure { try await bucket.storage.deletePrefixed("") }
        #expect(error?.kind == .invalidName)
    }

    @Test func `a bucket that is not there is told when saving`() async throws {
        let bucket = try await TestBucket { $0.bucket = "nowhere" }
        let error = await failure { try await bucket.storage.save("x", as: "a.txt") }
        #expect(error?.kind == .noStorage)
        #expect(error?.code == "NoSuchBucket")
        #expect(error?.advice.isEmpty == false)
        #expect(error?.requestID.isEmpty == false)
    }
}
