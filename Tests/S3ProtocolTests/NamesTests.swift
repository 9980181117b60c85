import S3Protocol
import Testing

@Suite struct BucketNameTests {
    @Test(arguments: [
        "abc", "my-bucket", "my.bucket.1", "0a0", String(repeating: "a", count: 63), "a--b",
    ])
    func `may be a bucket's`(name: String) { #expect(BucketName.isValid(name)) }

    @Test(arguments: [
        "", "ab", String(repeating: "a", count: 64), "Bucket", "my_bucket", "-abc", "abc-", ".abc",
        "abc.", "a..b", "192.168.5.4", "xn--abc", "sthree-abc", "abc-s3alias", "abc--ol-s3",
        "a b", "ab/c", "é-bucket", "_pail", "abc--x-s3",
    ])
    func `may not`(name: String) { #expect(!BucketName.isValid(name)) }
}

@Suite struct ETagMatchTests {
    @Test(arguments: [
        (#""abc""#, "abc", true), ("abc", "abc", true), (#"W/"abc""#, "abc", true),
        (#""x", "abc""#, "abc", true), ("*", "abc", true), (#""x""#, "abc", false),
        ("", "abc", false),
    ])
    func `matches tags with and without quotes`(header: String, etag: String, matches: Bool) {
        #expect(ETagMatch(header).matches(etag) == matches)
    }

    @Test func `nothing matches no entity`() {
        #expect(!ETagMatch("*").matches(nil))
    }
}

@Suite struct PercentCodingTests {
    @Test(arguments: [
        ("a b", "a%20b"), ("a+b", "a%2Bb"), ("é", "%C3%A9"), ("~-._", "~-._"), ("a/b", "a%2Fb"),
        ("\u{1}", "%01"), ("%", "%25"),
    ])
    func `encodes and decodes`(plain: String, encoded: String) {
        #expect(PercentCoding.encode(plain) == encoded)
        #expect(PercentCoding.decode(encoded) == plain)
    }

    @Test func `keeps slashes where a path is written`() {
        #expect(PercentCoding.encode("a/b c", keeping: .slashes) == "a/b%20c")
    }

    @Test func `a plus is a space in a query and a plus in a path`() {
        #expect(PercentCoding.decode("a+b", plusIsSpace: true) == "a b")
        #expect(PercentCoding.decode("a+b") == "a+b")
    }

    @Test(arguments: ["%", "%4", "%4G", "%FF", "a%"])
    func `refuses what cannot be decoded`(text: String) {
        #expect(PercentCoding.decode(text) == nil)
    }

    @Test func `decodes once`() { #expect(PercentCoding.decode("%2520") == "%20") }
}
