/// Text beyond ASCII in a header: `=?UTF-8?Q?caf=C3=A9?=`.
///
/// [RFC 2047](https://www.rfc-editor.org/rfc/rfc2047)
public enum EncodedWords {
    /// What a word may hold beside its frame, so that it stays within RFC 2047's 75 characters.
    private static let payloadLimit = 63
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    /// A text as a header can carry it: itself where it is printable ASCII, else encoded words.
    ///
    /// What is mostly ASCII is quoted, what is mostly not is in base64; long texts become several words.
    public static func encode(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x09 }) else {
            return text
        }
        let scalars = Array(text.unicodeScalars)
        let isMostlyASCII = scalars.count { $0.isASCII } * 2 > scalars.count
        return words(scalars[...], isMostlyASCII ? quoted : base64)
            .joined(separator: " ")
    }

    private static func words(
        _ scalars: ArraySlice<Unicode.Scalar>,
        _ coding: ([UInt8]) -> (kind: String, text: String)
    ) -> [String] {
        let bytes = scalars.flatMap { Array(String($0).utf8) }
        let word = coding(bytes)
        guard word.text.utf8.count > payloadLimit, scalars.count > 1 else {
            return ["=?UTF-8?\(word.kind)?\(word.text)?="]
        }
        let half = scalars.count / 2
        return words(scalars.prefix(half), coding) + words(scalars.dropFirst(half), coding)
    }

    private static func base64(_ bytes: [UInt8]) -> (kind: String, text: String) {
        ("B", Base64.encode(bytes))
    }

    private static func quoted(_ bytes: [UInt8]) -> (kind: String, text: String) {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case 0x20: text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "_"), ..<0x20, 0x7F...:
                text += [UInt8(ascii: "="), hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            default: text.append(byte)
            }
        }
        return ("Q", String(decoding: text, as: UTF8.self))
    }
}
