import COpenSSL
import Digests

/// A password as the database keeps it: `scrypt$N$r$p$SALT$KEY`, salt and key in base64.
///
/// The cost is kept with the hash, so that a later version may ask for more without locking anybody out.
///
/// [RFC 7914](https://www.rfc-editor.org/rfc/rfc7914)
struct PasswordHash: Sendable, Hashable {
    let cost: Cost
    let salt: [UInt8]
    let key: [UInt8]

    /// What a guess costs.
    struct Cost: Sendable, Hashable {
        /// N: how often memory is mixed; a power of two.
        let rounds: UInt64
        /// r: the size of a block; memory is 128 × N × r bytes.
        let blockSize: UInt64
        /// p: how often all of it is done.
        let lanes: UInt64

        /// 16 MiB and a tenth of a second: what OWASP recommends and Django uses.
        ///
        /// [OWASP: password storage](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt)
        static let standard = Cost(rounds: 1 << 14, blockSize: 8, lanes: 5)
    }

    private static let saltLength = 16
    private static let keyLength = 32
    /// More memory than this is never taken, whatever a stored hash asks for; in bytes.
    private static let maximumMemory: UInt64 = 64 << 20

    /// Hashes a new password; takes a tenth of a second.
    init?(_ password: String, cost: Cost = .standard, random: some RandomSource) {
        self.init(password, cost: cost, salt: random.bytes(Self.saltLength))
    }

    private init?(_ password: String, cost: Cost, salt: [UInt8]) {
        guard let key = Self.derive(password, cost, salt) else { return nil }
        self.cost = cost
        self.salt = salt
        self.key = key
    }

    /// Reads what the database keeps; `nil` where it is no such hash.
    init?(stored: String) {
        let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = UInt64(parts[1]),
            let blockSize = UInt64(parts[2]), let lanes = UInt64(parts[3]),
            let salt = Base64.decode(parts[4]), let key = Base64.decode(parts[5]),
            key.count == Self.keyLength
        else { return nil }
        cost = Cost(rounds: rounds, blockSize: blockSize, lanes: lanes)
        self.salt = salt
        self.key = key
    }

    /// What the database keeps.
    var stored: String {
        "scrypt$\(cost.rounds)$\(cost.blockSize)$\(cost.lanes)$\(Base64.encode(salt))$\(Base64.encode(key))"
    }

    /// Whether a password is the one that was hashed, in a time that does not tell how nearly; takes as long as hashing.
    func matches(_ password: String) -> Bool {
        guard let key = Self.derive(password, cost, salt) else { return false }
        return equalInConstantTime(key, self.key)
    }

    /// `nil` where libcrypto finds the cost unlawful or too high.
    private static func derive(_ password: String, _ cost: Cost, _ salt: [UInt8]) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: keyLength)
        let bytes = Array(password.utf8).map(CChar.init(bitPattern:))
        let done = unsafe EVP_PBE_scrypt(
            bytes,
            bytes.count,
            salt,
            salt.count,
            cost.rounds,
            cost.blockSize,
            cost.lanes,
            maximumMemory,
            &key,
            key.count
        )
        return done == 1 ? key : nil
    }
}
