import Testing

@testable import Digests

@Suite struct AESGCMTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(hex)) }

    private var key: SecretKey {
        get throws {
            try #require(
                SecretKey(
                    try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
                )
            )
        }
    }

    /// Test case 16 of McGrew and Viega's "The Galois/Counter Mode of Operation".
    @Test func `a published example is sealed as it was published`() throws {
        let plain = try bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                + "b16aedf5aa0de657ba637b39"
        )
        let nonce = try bytes("cafebabefacedbaddecaf888")
        let header = try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2")

        let sealed = AESGCM.seal(plain, with: try key, nonce: nonce, authenticating: header)

        #expect(
            Hex.encode(sealed)
                == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10568288"
                + "38c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        )
        #expect(
            AESGCM.open(sealed, with: try key, nonce: nonce, authenticating: header) == plain
        )
    }

    @Test(arguments: [0, 1, 15, 16, 17, 1000, 65_536])
    func `what is altered anywhere does not open`(count: Int) throws {
        let plain = [UInt8](repeating: 0x61, count: count)
        let nonce = [UInt8](repeating: 1, count: AESGCM.nonceCount)
        let sealed = AESGCM.seal(plain, with: try key, nonce: nonce, authenticating: [7])
        #expect(sealed.count == count + AESGCM.tagCount)
        #expect(AESGCM.open(sealed, with: try key, nonce: nonce, authenticating: [7]) == plain)

        for place in Set([0, count / 2, count, sealed.count - 1]) {
            var altered = sealed
            altered[place] ^= 1
            #expect(AESGCM.open(altered, with: try key, nonce: nonce, authenticating: [7]) == nil)
        }
        let short = Array(sealed.dropLast())
        let other = try #require(SecretKey([UInt8](repeating: 9, count: 32)))
        let zeros = [UInt8](repeating: 0, count: AESGCM.nonceCount)
        #expect(AESGCM.open(short, with: try key, nonce: nonce, authenticating: [7]) == nil)
        #expect(AESGCM.open(sealed, with: other, nonce: nonce, authenticating: [7]) == nil)
        #expect(AESGCM.open(sealed, with: try key, nonce: zeros, authenticating: [7]) == nil)
        #expect(AESGCM.open(sealed, with: try key, nonce: nonce) == nil)
        #expect(AESGCM.open([], with: try key, nonce: nonce) == nil)
    }

    /// HKDF-Expand is one HMAC where one block is wanted: HMAC-SHA-256(0001…1f, "SSE-S3" 00 "ab" 01).
    @Test func `a derived key is HKDF's`() throws {
        let key = try #require(SecretKey(Array(0..<32)))
        #expect(
            Hex.encode(key.derived(for: "SSE-S3", Array("ab".utf8)).revealed())
                == "3f1baab0cf2554721b689190154c15a6258bca862bb4dc9d3201e0ee2fdf3bb4"
        )
        #expect(
            key.derived(for: "SSE-S3").revealed() != key.derived(for: "SSE-S", [0x33]).revealed()
        )
    }

    @Test func `a key prints as redacted, however it is printed`() throws {
        let key = try #require(SecretKey([UInt8](repeating: 0x61, count: 32)))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(describing: key), String(reflecting: [key]), dumped] {
            #expect(text.contains("redacted"))
            #expect(!text.contains("97") && !text.contains("aaaa"))
        }
        #expect(SecretKey([1, 2, 3]) == nil)
    }
}
