/// Bytes as pairs of hexadecimal digits.
public enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    /// Lower-case digits, two a byte.
    public static func encode(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: ascii(Array(bytes)), as: UTF8.self)
    }

    /// Lower-case digits, two a byte, as bytes themselves: signatures are made and compared so.
    public static func ascii(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }

    /// The bytes that digits of either case stand for.
    ///
    /// - Returns: `nil` where a character is no digit, or one has no partner.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var characters = text.utf8.makeIterator()
        while let first = characters.next() {
            guard let high = value(of: first), let second = characters.next(),
                let low = value(of: second)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// The number that a digit of either case stands for.
    public static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
