/// A key of 256 bits, which no log and no interpolation gives away.
public struct SecretKey: Sendable {
    /// How many bytes a key has.
    public static let byteCount = 32

    private let bytes: [UInt8]

    /// Wraps a key's bytes; `nil` where they are not 32.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    private init(digest: [UInt8]) { bytes = digest }

    /// Draws a new key.
    public init(from random: any RandomSource) { bytes = random.bytes(Self.byteCount) }

    /// The key itself: for a cipher, and for the one file that keeps a master key.
    public func revealed() -> [UInt8] { bytes }

    /// The key for one purpose that follows from this one, which cannot be found from it.
    ///
    /// HKDF-Expand with SHA-256 ([RFC 5869, section 2.3](https://www.rfc-editor.org/rfc/rfc5869#section-2.3)).
    ///
    /// - Parameters:
    ///   - purpose: What the key is for, without a NUL.
    ///   - context: What tells keys of one purpose apart.
    /// - Returns: The key.
    public func derived(for purpose: String, _ context: [UInt8] = []) -> SecretKey {
        let info = Array(purpose.utf8) + [0] + context
        return SecretKey(digest: HMAC.sha256(key: bytes, info + [1]))
    }

    /// A digest of a message that only those can make who have the key.
    public func authenticate(_ message: some Collection<UInt8>) -> [UInt8] {
        HMAC.sha256(key: bytes, message)
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The word `redacted`.
    public var description: String { "redacted" }
    /// The word `redacted`.
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
