import NIOHTTP1
import S3Protocol
import Testing

@testable import S3Service

@Suite struct AddressingTests {
    private let addressing = Addressing(domains: ["media.example", "s3.media.example"])

    @Test(arguments: [
        ("127.0.0.1:9000", "/photos/a", "photos", "a"),
        ("[::1]:9000", "/photos/a/b", "photos", "a/b"),
        ("localhost", "/photos", "photos", ""), ("s3.localhost:9000", "/photos/", "photos", ""),
        ("s3.localhost", "/", "", ""), ("photos.s3.localhost:9000", "/a", "photos", "a"),
        ("photos.localhost", "/a", "photos", "a"), ("PHOTOS.S3.LOCALHOST", "/A", "photos", "A"),
        ("my.photos.s3.localhost", "/a", "my.photos", "a"),
        ("photos.media.example", "/a", "photos", "a"),
        ("photos.s3.media.example", "/a", "photos", "a"),
        ("elsewhere.example", "/photos/a", "photos", "a"),
        ("photos.s3.localhost", "/", "photos", ""), ("photos.s3.localhost", "//a", "photos", "/a"),
        ("", "/photos//", "photos", "/"), ("localhost", "/photos/a%2Fb", "photos", "a/b"),
    ])
    func `bucket and key`(host: String, path: String, bucket: String, key: String) throws {
        let address = try addressing.address(path: Substring(path), host: host)

        #expect(address.bucket == bucket)
        #expect(address.key == key)
    }

    @Test(arguments: ["photos", "", "/%zz", "/photos/%FF", "/photos/\u{FFFD}"])
    func `a path that cannot be read is refused`(path: String) {
        #expect(throws: S3Error(.invalidURI)) {
            try addressing.address(path: Substring(path), host: "localhost")
        }
    }

    @Test(arguments: [
        ("localhost", "//photos/a"), ("localhost", "///a"), (".s3.localhost", "/photos/a"),
    ])
    func `a key without a bucket is no request for the list of buckets`(
        host: String,
        path: String
    ) {
        #expect(throws: S3Error(.invalidURI)) {
            try addressing.address(path: Substring(path), host: host)
        }
    }

    @Test(arguments: [
        ("photos.s3-website.localhost:9000", "photos"), ("s3-website.localhost", ""),
        ("photos.s3-website-eu-west-1.localhost", "photos"),
        ("photos.s3-website.eu-west-1.localhost", "photos"),
        ("www.photos.example.s3-website.media.example", "www.photos.example"),
    ])
    func `websites have hosts of their own`(host: String, bucket: String) {
        #expect(addressing.meaning(of: host) == .website(bucket))
    }

    @Test(arguments: [
        ("photos.localhost", Addressing.Meaning.bucket("photos")), ("localhost", .service),
        ("s3-website.elsewhere.example", .service), ("127.0.0.1:9000", .service),
        ("a.s3-website.b.localhost", .bucket("a.s3-website.b")),
        ("my-s3-website.localhost", .bucket("my-s3-website")),
    ])
    func `other hosts are no websites`(host: String, meaning: Addressing.Meaning) {
        #expect(addressing.meaning(of: host) == meaning)
    }

    @Test func `a bucket of a virtual host does everything that one of a path does`() async throws {
        let s3 = try await TestS3(buckets: [])
        let host = "photos.s3.localhost:9000"

        #expect(await s3.send(.PUT, "/", host: host).header("Location") == "/")
        #expect(await s3.send(.PUT, "/a/b", "x", host: host).status == 200)
        #expect(await s3.send(.GET, "/?list-type=2", host: host).all("Key") == ["a/b"])
        #expect(await s3.send(.GET, "/photos/a/b").text == "x")
    }
}
