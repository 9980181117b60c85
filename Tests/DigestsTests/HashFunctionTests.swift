import Digests
import Testing

@Suite struct HashFunctionTests {
    /// RFC 1321 (A.5), RFC 3174 (7.3), RFC 6234 (8.5).
    @Test(arguments: [
        (HashAlgorithm.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
        (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
        (.md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            .sha1, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512, "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ])
    func `the published digests`(algorithm: HashAlgorithm, text: String, digest: String) {
        #expect(Hex.encode(HashFunction.hash(algorithm, text.utf8)) == digest)
        #expect(algorithm.byteCount * 2 == digest.count)
    }

    @Test(arguments: HashAlgorithm.allCases)
    func `pieces have the digest of the whole`(algorithm: HashAlgorithm) {
        let bytes = SeededRandom(seed: 5).bytes(5_000)
        var function = HashFunction(algorithm)
        for start in stride(from: 0, to: bytes.count, by: 77) {
            function.update(bytes[start..<min(start + 77, bytes.count)])
        }
        #expect(function.finalize() == HashFunction.hash(algorithm, bytes))
    }

    @Test(arguments: HashAlgorithm.allCases)
    func `a digest that is started anew knows nothing of the one before`(
        algorithm: HashAlgorithm
    ) {
        var function = HashFunction(algorithm)
        function.update("first".utf8)
        #expect(function.finalizeAndRestart() == HashFunction.hash(algorithm, "first".utf8))
        function.update("second".utf8)
        #expect(function.finalizeAndRestart() == HashFunction.hash(algorithm, "second".utf8))
        #expect(function.finalize() == HashFunction.hash(algorithm, []))
    }

    @Test func `a buffer's bytes are the array's`() {
        let bytes = SeededRandom(seed: 6).bytes(100)
        let digest = unsafe bytes.withUnsafeBytes { unsafe HashFunction.hash(.sha256, $0) }
        #expect(digest == HashFunction.hash(.sha256, bytes))
        #expect(digest == HashFunction.hash(.sha256, AnyCollection(bytes)))
    }
}
