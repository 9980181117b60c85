internal import Digests

/// What a blob needs to be decrypted, beside the key that wraps its own: harmless without that.
struct Envelope: Sendable, Hashable {
    /// How a blob's bytes are encrypted; another layout would have another name.
    static let cipher = "AES-256-GCM in blocks of 65536"

    /// Random bytes that no other blob has.
    let salt: [UInt8]
    /// The blob's own key, sealed.
    let wrappedKey: [UInt8]

    init(salt: [UInt8], wrappedKey: [UInt8]) {
        self.salt = salt
        self.wrappedKey = wrappedKey
    }

    /// Wraps a blob's key.
    ///
    /// Each wrapping key is used once, since it follows from the salt; so one nonce does for all.
    init(wrapping key: SecretKey, under parent: SecretKey, salt: [UInt8], for use: ObjectEncryption)
    {
        self.salt = salt
        wrappedKey = AESGCM.seal(
            key.revealed(),
            with: Self.wrappingKey(parent, salt),
            nonce: Self.nonce,
            authenticating: use.binding.encoded
        )
    }

    /// The blob's key; `nil` where the parent, the use or the envelope is another than it was.
    func unwrap(under parent: SecretKey, for use: ObjectEncryption) -> SecretKey? {
        AESGCM.open(
            wrappedKey,
            with: Self.wrappingKey(parent, salt),
            nonce: Self.nonce,
            authenticating: use.binding.encoded
        )
        .flatMap { SecretKey($0) }
    }

    private static let nonce = [UInt8](repeating: 0, count: AESGCM.nonceCount)

    private static func wrappingKey(_ parent: SecretKey, _ salt: [UInt8]) -> SecretKey {
        parent.derived(for: "wrap the key of a blob", salt)
    }
}

extension Envelope {
    /// The envelope as it is in the index and in a blob's record.
    var fields: [Field] {
        [
            Field("cipher", Self.cipher), Field("salt", Hex.encode(salt)),
            Field("wrapped-key", Hex.encode(wrappedKey)),
        ]
    }

    /// Reads what ``fields`` wrote; `nil` for anything else, another cipher among it.
    init?(_ fields: [Field]) {
        func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
        guard value("cipher") == Self.cipher, let salt = value("salt").flatMap({ Hex.decode($0) }),
            let wrappedKey = value("wrapped-key").flatMap({ Hex.decode($0) })
        else { return nil }
        self.init(salt: salt, wrappedKey: wrappedKey)
    }
}
