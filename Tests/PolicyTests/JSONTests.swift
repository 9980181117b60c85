import Testing

@testable import Policy

@Suite struct JSONTests {
    @Test(arguments: [
        (
            #" {"a": [1, -2.5e+3, true, false, null], "b": {}} "#,
            #"{"a":[1,-2.5e+3,true,false,null],"b":{}}"#
        ),
        (#""\u00e9\ud83d\ude00\/\n""#, #""é😀/\n""#),
        (#""\u0000\u007f""#, #""\u0000\u007f""#),
        ("[]", "[]"),
    ])
    func `reads a value and writes it on one line`(text: String, written: String) throws {
        #expect(try JSON(parsing: text, limit: 100).text == written)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "'a'", "\"a", "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\n\"", "01", "-", "1.", "1e", "+1",
        "tru", "nul",
        "[] []", "NaN", "// a\n1", "{\"a\":1,\"a\":2}", "\u{FEFF}{}", "{\"a\":1,\"\\u0061\":2}",
    ])
    func `refuses what is not JSON, and a member that is there twice`(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text, limit: 100) }
    }

    @Test func `refuses a text that is too long or too deep`() throws {
        #expect(throws: JSONError.self) { try JSON(parsing: "[1234]", limit: 5) }
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(16), limit: 100)
        #expect(throws: JSONError.self) { try JSON(parsing: nested(17), limit: 100) }
        #expect(throws: JSONError.self) {
            try JSON(parsing: String(repeating: "[", count: 20_000), limit: 20_480)
        }
    }

    @Test func `an error tells where it is`() {
        #expect(throws: JSONError(description: "a comma or an end is missing (line 2, byte 3)")) {
            try JSON(parsing: "[\n1x]", limit: 100)
        }
    }
}
