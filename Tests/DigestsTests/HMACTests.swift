import Digests
import Testing

@Suite struct HMACTests {
    /// RFC 4231, test cases 1, 2, 3, 6 and 7.
    @Test(arguments: [
        (
            repeating(0x0b, 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            repeating(0xaa, 20), repeating(0xdd, 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            repeating(0xaa, 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `the published SHA-256 values`(key: [UInt8], message: [UInt8], value: String) {
        #expect(Hex.encode(HMAC.sha256(key: key, message)) == value)
    }

    /// RFC 2202, SHA-1 cases 1, 2, 3 and 6.
    @Test(arguments: [
        (repeating(0x0b, 20), Array("Hi There".utf8), "b617318655057264e28bc0b6fb378c8ef146be00"),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        ),
        (
            repeating(0xaa, 20), repeating(0xdd, 50),
            "125d7342b9ac11cd91a39af48aa17b4f63f175d3"
        ),
        (
            repeating(0xaa, 80),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        ),
    ])
    func `the published SHA-1 values`(key: [UInt8], message: [UInt8], value: String) {
        #expect(Hex.encode(HMAC.sha1(key: key, message)) == value)
    }

    @Test func `a key that is kept answers each message as a fresh one`() {
        let key = HMACKey(.sha256, key: Array("Jefe".utf8))
        for text in ["one", "", "two", "one", String(repeating: "x", count: 1000)] {
            #expect(key.authenticate(text.utf8) == HMAC.sha256(key: Array("Jefe".utf8), text.utf8))
        }
    }

    @Test func `an empty key is a key`() {
        // From Python: hmac.new(b"", b"", "sha256").hexdigest()
        let value = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        #expect(Hex.encode(HMAC.sha256(key: [], [])) == value)
    }

    @Test func `a key serves many threads at once`() async {
        let key = HMACKey(.sha1, key: [1, 2, 3])
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let message = Array(String(number).utf8)
                    return key.authenticate(message) == HMAC.sha1(key: [1, 2, 3], message)
                }
            }
            for await equal in group { #expect(equal) }
        }
    }
}

private func repeating(_ byte: UInt8, _ count: Int) -> [UInt8] {
    Array(repeating: byte, count: count)
}
