import Digests

/// Names that nothing else has.
enum UniqueName {
    /// A UUID of version 4.
    static func uuid(_ random: any RandomSource) -> String {
        var bytes = random.bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { Hex.encode(bytes[$0]) }
            .joined(separator: "-")
    }

    /// A name as S3 makes them for rules that have none: a UUID in base64, 48 characters.
    static func rule(_ random: any RandomSource) -> String {
        Base64.encode(Array(uuid(random).utf8))
    }
}
