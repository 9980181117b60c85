import Digests
import Testing

@testable import GalleryWeb

@Suite struct PasswordHashTests {
    private let random = SeededRandom(seed: 1)

    @Test func `a password matches its own hash and no other does`() throws {
        let hash = try #require(
            PasswordHash("correct horse", cost: TestSite.cheap, random: random)
        )

        #expect(hash.matches("correct horse"))
        #expect(!hash.matches("correct horsf"))
        #expect(!hash.matches(""))
    }

    @Test func `the same password has another hash each time`() throws {
        let first = try #require(PasswordHash("twice", cost: TestSite.cheap, random: random))
        let second = try #require(PasswordHash("twice", cost: TestSite.cheap, random: random))

        #expect(first.key != second.key)
    }

    @Test func `the hash is RFC 7914's scrypt`() throws {
        // RFC 7914, section 12: password "pleaseletmein", salt "SodiumChloride", N 16384, r 8, p 1; its first 32 bytes.
        let salt = Base64.encode(Array("SodiumChloride".utf8))
        let key = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        let bytes = Base64.encode(try #require(Hex.decode(key)))
        let hash = try #require(PasswordHash(stored: "scrypt$16384$8$1$\(salt)$\(bytes)"))

        #expect(hash.matches("pleaseletmein"))
        #expect(!hash.matches("pleaseletmeIn"))
    }

    @Test func `what is stored is read back with its cost`() throws {
        let hash = try #require(PasswordHash("stored", cost: TestSite.cheap, random: random))

        #expect(hash.stored.hasPrefix("scrypt$16$1$1$"))
        #expect(PasswordHash(stored: hash.stored) == hash)
    }

    @Test func `a new hash costs what OWASP recommends`() {
        #expect(PasswordHash.Cost.standard == .init(rounds: 16384, blockSize: 8, lanes: 5))
    }

    @Test(arguments: [
        "", "scrypt$16$1$1$AAAA", "bcrypt$16$1$1$AAAA$AAAA", "scrypt$-1$1$1$AAAA$AAAA",
        "scrypt$16$1$1$*$AAAA", "scrypt$16$1$1$AAAA$AAAA", "!",
    ])
    func `what is no hash is none`(stored: String) {
        #expect(PasswordHash(stored: stored) == nil)
    }

    @Test(arguments: ["15$1$1", "0$1$1", "1048576$64$1", "18446744073709551615$8$1"])
    func `a hash whose cost is unlawful or beyond all memory matches nothing`(cost: String) throws {
        let key = Base64.encode([UInt8](repeating: 0, count: 32))
        let hash = try #require(PasswordHash(stored: "scrypt$\(cost)$AAAA$\(key)"))

        #expect(!hash.matches("anything"))
    }

    @Test func `the hasher knows right from wrong, and that nobody has no password`() async throws {
        let hasher = PasswordHasher(random: random, cost: TestSite.cheap)
        let stored = try await hasher.hash("a password")

        #expect(try await hasher.verify("a password", against: stored))
        #expect(try await !hasher.verify("another", against: stored))
        #expect(try await !hasher.verify("", against: nil))
        #expect(try await !hasher.verify("", against: "nonsense"))
    }
}
