import Digests

/// A secret that a browser keeps in a cookie: 256 bits that nobody can guess.
struct SecretToken: Sendable {
    /// The cookie's value.
    let text: String

    private static let byteCount = 32

    init(from random: some RandomSource) { text = Hex.encode(random.bytes(Self.byteCount)) }

    /// Reads a cookie's value; `nil` for what was never one of ours.
    init?(_ text: String) {
        guard let bytes = Hex.decode(text), bytes.count == Self.byteCount else { return nil }
        self.text = Hex.encode(bytes)
    }

    /// What the database keeps, so that whoever reads it cannot be anybody.
    var hash: String { Hex.encode(HashFunction.hash(.sha256, text.utf8)) }

    /// What the forms of this browser carry, so that another site cannot send them.
    ///
    /// [OWASP: cross-site request forgery](https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html)
    var formToken: String {
        Hex.encode(HMAC.sha256(key: Array(text.utf8), "gallery form token".utf8))
    }

    /// Whether a form carries this browser's token.
    func accepts(formToken given: String?) -> Bool {
        equalInConstantTime(Array((given ?? "").utf8), Array(formToken.utf8))
    }
}
