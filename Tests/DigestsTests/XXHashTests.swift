import Digests
import Testing

@Suite struct XXHashTests {
    /// Made with the reference implementation: each length takes another way through the algorithm.
    @Test(
        arguments: [
            ([], "ef46db3751d8e999", "2d06800538d394c2", "99aa06d3014798d86001c324468d497f"),
            (
                Array("abc".utf8), "44bc2cf5ad770999", "78af5f94892f3950",
                "06b05ab6733a618578af5f94892f3950"
            ),
            (
                Array("abcdef".utf8), "fa8afd82c423144d", "da87bd32d3c47db6",
                "389197a55db2b2e4da35a6714d34f8a2"
            ),
            (
                Array("0123456789abc".utf8), "ba453e84431e55e5", "ec11d3158d30a049",
                "3d83c003785c6fbc0e7a554282142858"
            ),
            (
                Array(0..<100), "6ac1e58032166597", "004e4f921a64bd1c",
                "da95ef16fd9566f329b20ba5f03ec01e"
            ),
            (
                Array(0..<200), "50dc1079b99e879c", "f42a8864feaf0703",
                "cb0395310643ba0edd97e9af3609d9f5"
            ),
            (
                (0..<1280).map { UInt8(truncatingIfNeeded: $0) }, "afc184ad7938a354",
                "4844b009e164352e",
                "d92ab3a1cb0542a74844b009e164352e"
            ),
        ] as [([UInt8], String, String, String)]
    )
    func `the reference's hashes`(bytes: [UInt8], xxh64: String, xxh3: String, xxh128: String) {
        #expect(Hex.encode(XXHash.hash(.xxh64, bytes)) == xxh64)
        #expect(Hex.encode(XXHash.hash(.xxh3, bytes)) == xxh3)
        #expect(Hex.encode(XXHash.hash(.xxh128, bytes)) == xxh128)
    }

    @Test(arguments: XXHash.Variant.allCases)
    func `pieces have the hash of the whole, which may be asked for in between`(
        variant: XXHash.Variant
    ) {
        for step in [1, 31, 64, 1023, 1024, 1025, 3000] {
            let bytes = SeededRandom(seed: 7).bytes(5_000)
            var hash = XXHash(variant)
            for start in stride(from: 0, to: bytes.count, by: step) {
                let end = min(start + step, bytes.count)
                hash.update(bytes[start..<end])
                if start % 7 == 0 { #expect(hash.bytes == XXHash.hash(variant, bytes[..<end])) }
            }
            #expect(hash.bytes == XXHash.hash(variant, bytes))
            #expect(hash.bytes.count == variant.byteCount)
        }
    }
}
