import Digests

/// Percent-encoding as canonical requests need it: decoded once, then encoded by the book.
///
/// Different spellings of one path (`$` and `%24`, `%c3` and `%C3`) have one signature; `//`, `.` and `..` stay as
/// they are, since all are legal in keys.
enum Recoding {
    /// Appends `text` decoded and encoded again.
    static func append(
        _ text: ArraySlice<UInt8>,
        keepingSlashes: Bool,
        plusIsSpace: Bool,
        to bytes: inout [UInt8]
    ) {
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%"), let decoded = pair(text, at: index) {
                encode(decoded, keepingSlashes, to: &bytes)
                index += 2
            } else if plusIsSpace, byte == UInt8(ascii: "+") {
                encode(UInt8(ascii: " "), keepingSlashes, to: &bytes)
            } else {
                encode(byte, keepingSlashes, to: &bytes)
            }
        }
    }

    /// Decodes once, `%` that introduces nothing staying as it is.
    static func decode(_ text: some Sequence<UInt8>, plusIsSpace: Bool = true) -> String {
        let text = Array(text)
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "%"), let decoded = pair(text[...], at: index) {
                bytes.append(decoded)
                index += 2
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func pair(_ text: ArraySlice<UInt8>, at index: Int) -> UInt8? {
        guard index + 1 < text.endIndex, let high = Hex.value(of: text[index]),
            let low = Hex.value(of: text[index + 1])
        else { return nil }
        return high << 4 | low
    }

    private static func encode(_ byte: UInt8, _ keepingSlashes: Bool, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            bytes.append(byte)
        case UInt8(ascii: "/") where keepingSlashes:
            bytes.append(byte)
        default:
            bytes.append(UInt8(ascii: "%"))
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 15)])
        }
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
