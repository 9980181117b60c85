import Digests
import Testing

@Suite struct TextCodingTests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `the published base64 values`(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=", "====", "Zm=v", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm9-",
        "Zh==",
        "Zm9=", "Zm9vé",
    ])
    func `text that is not canonical base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func `any bytes survive base64 and hex`() {
        let random = SeededRandom(seed: 7)
        for count in 0..<100 {
            let bytes = random.bytes(count)
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
            #expect(Hex.decode(Hex.encode(bytes)) == bytes)
        }
    }

    @Test func `hex is lower case, and read in either`() {
        #expect(Hex.encode([0x00, 0xAB, 0x7F]) == "00ab7f")
        #expect(Hex.decode("00aB7f") == [0x00, 0xAB, 0x7F])
    }

    @Test(arguments: ["0", "000", "0g", "+1", "0x", " 0"])
    func `text that is not hex is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test func `secrets are compared whole`() {
        #expect(equalInConstantTime([], []))
        #expect(equalInConstantTime([1, 2], [1, 2]))
        #expect(!equalInConstantTime([1, 2], [1, 3]))
        #expect(!equalInConstantTime([1, 2], [1, 2, 3]))
    }
}
