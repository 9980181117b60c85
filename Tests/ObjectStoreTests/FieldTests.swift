import Testing

@testable import ObjectStore

@Suite struct FieldTests {
    @Test func `fields are netstrings, in order`() {
        let fields = [Field("content-type", "image/jpeg"), Field("é", ""), Field("", "1:2,\0\n")]
        let text = "12:content-type,10:image/jpeg,2:é,0:,0:,6:1:2,\0\n,"
        #expect(String(decoding: fields.encoded, as: UTF8.self) == text)
        #expect([Field](encoded: fields.encoded) == fields)
    }

    @Test(arguments: [
        "1", "1:", "1:a", "1:a,", "1:a,1:b", "2:a,1:b,", "-1:a,1:b,", "x:a,1:b,", "1:a;1:b,",
        ":,:,",
        "99999999999999999999:a,1:b,", "9223372036854775807:a,1:b,",
    ])
    func `anything else is refused`(text: String) {
        #expect([Field](encoded: Array(text.utf8)) == nil)
    }
}
