import S3Client
import Testing

@Suite struct S3EndpointTests {
    @Test(arguments: [
        "", "127.0.0.1:9000", "ftp://example.com", "http://", "http:///path", "http://a b",
        "http://host:0", "http://host:65536", "http://host:+80", "http://host:", "http://host/a?b",
        "http://host/a#b", "http://user:word@host", "http://host/\u{E4}", "http://[zz]",
        "http://ho\nst",
    ])
    func `what is no URL is refused with an example`(url: String) {
        let error = #expect(throws: S3ClientError.self) { try S3Endpoint(url: url) }
        #expect(error?.kind == .configuration)
        #expect(error?.advice.contains("http://127.0.0.1:9000") == true)
    }

    @Test func `a password in a URL is not repeated`() {
        let error = #expect(throws: S3ClientError.self) {
            try S3Endpoint(url: "http://user:hunter2@host")
        }
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test(arguments: ["a/b", "us east", "us-east-1.evil", "\u{E4}", "-", "a\n"])
    func `what is no region is refused`(region: String) {
        #expect(throws: S3ClientError.self) { try S3Endpoint(region: region) }
    }

    @Test(arguments: ["", "ab", "..", "...", "a/b", "a?b", "bücket", "a\nb", "photos@evil"])
    func `what no bucket is called becomes neither a host nor a path`(bucket: String) throws {
        for style in S3Endpoint.Addressing.allCases {
            let endpoint = try S3Endpoint(region: "us-east-2", addressing: style)
            let error = #expect(throws: S3ClientError.self) { try endpoint.resolve(bucket: bucket) }
            #expect(error?.code == "InvalidBucketName")
        }
    }

    @Test(arguments: ["http://127.0.0.1:9000", "http://[::1]:9000"])
    func `before an address stands no bucket, also none with dots`(url: String) throws {
        let endpoint = try S3Endpoint(url: url, addressing: .virtual)
        for bucket in ["photos", "my.photos"] {
            let place = try endpoint.resolve(bucket: bucket)
            #expect(place.url == url)
            #expect(place.pathPrefix == "/\(bucket)")
        }
    }

    @Test func `an IPv6 address is connected to without its brackets`() throws {
        let place = try S3Endpoint(url: "https://[::1]:9443").resolve(bucket: nil)
        #expect(place.origin.host == "::1")
        #expect(place.host == "[::1]:9443")
    }
}
