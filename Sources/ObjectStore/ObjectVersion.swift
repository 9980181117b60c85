internal import Digests

/// Which version of an object is meant.
public enum ObjectVersion: Sendable, Hashable {
    /// The newest, whatever it is.
    case latest
    /// The one without an identifier: written while the bucket kept no versions.
    case null
    /// The one of an identifier.
    case id(VersionID)
}

/// What a version is known by: 32 characters that nobody can guess.
///
/// They hide the version's place in the order of all writes, so that a listing can go on after a
/// version that has been deleted since.
public struct VersionID: Sendable, Hashable {
    /// The identifier as clients see it.
    public let text: String
    /// The place in the order of all writes; of a made-up identifier it is any number.
    let sequence: Int64

    private static let byteCount = 24

    /// Reads an identifier.
    ///
    /// - Returns: `nil` for a text that cannot be one; one that never was given out is read all the same.
    public init?(_ text: String) {
        guard text.utf8.count == 32, let bytes = Base64.decode(String(text.map(Self.standard))),
            bytes.count == Self.byteCount
        else { return nil }
        self.text = text
        let masked = zip(bytes.prefix(8), bytes.dropFirst(8)).map { $0 ^ $1 }
        sequence = Int64(bitPattern: masked.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Makes the identifier of a write.
    init(sequence: Int64, random: any RandomSource) {
        let noise = random.bytes(Self.byteCount - 8)
        let place = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) }
        let bytes = zip(place, noise).map { $0 ^ $1 } + noise
        text = String(Base64.encode(bytes).map(Self.urlSafe))
        self.sequence = sequence
    }

    /// The two digits of base64 that mean something in a URL are others here.
    private static func urlSafe(_ digit: Character) -> Character {
        switch digit {
        case "+": "."
        case "/": "_"
        default: digit
        }
    }

    private static func standard(_ digit: Character) -> Character {
        switch digit {
        case ".": "+"
        case "_": "/"
        case "+", "/": "="
        default: digit
        }
    }
}
