import Digests
import Testing

@Suite struct `Encoded words` {
    @Test(arguments: [
        ("plain text, = and ? too", "plain text, = and ? too"), ("", ""),
        ("café", "=?UTF-8?Q?caf=C3=A9?="), ("a ü=_?", "=?UTF-8?Q?a_=C3=BC=3D=5F=3F?="),
        ("ÄÖÜ", "=?UTF-8?B?w4TDlsOc?="), ("猫", "=?UTF-8?B?54yr?="),
        ("a\r\nSet-Cookie: b", "=?UTF-8?Q?a=0D=0ASet-Cookie:_b?="),
    ])
    func `text that no header could carry is quoted or in base64`(text: String, words: String) {
        #expect(EncodedWords.encode(text) == words)
    }

    @Test(arguments: [
        "a long text, mostly plain, with “quotes” in it, again “so”", "ÄÖÜ猫", "\u{1F431}",
    ])
    func `long texts are words of at most 75 characters`(piece: String) {
        let text = Array(repeating: piece, count: 20).joined(separator: " ")
        let words = EncodedWords.encode(text).split(separator: " ")
        #expect(words.count > 1)
        #expect(words.allSatisfy { $0.utf8.count <= 75 && $0.hasSuffix("?=") })
        #expect(words.allSatisfy { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } })
    }
}
