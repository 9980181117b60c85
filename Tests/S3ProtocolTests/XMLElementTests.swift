import NIOCore
import S3Protocol
import Testing

@Suite struct XMLElementTests {
    private func parse(_ text: String, root: String = "a") throws(S3Error) -> XMLElement {
        try XMLElement.parse(text.utf8, root: root)
    }

    @Test func `reads elements, attributes and text`() throws {
        let element = try parse(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- before --><a xmlns="urn:x" xmlns:y='urn:y'>
              <b y:kind = "first">1 &lt; 2 &amp; &#34;3&#x22;</b><b><![CDATA[<raw>&]]></b><c/>
            </a><!-- after -->
            """
        )

        #expect(element.all("b").map(\.text) == [#"1 < 2 & "3""#, "<raw>&"])
        #expect(element["b"]?.attributes == ["kind": "first"])
        #expect(element["c"] != nil)
        #expect(element["d"] == nil)
        #expect(try parse("<a>\n 12 \t</a>").trimmed == "12")
    }

    @Test func `keeps white space of keys and folds line ends as XML says`() throws {
        #expect(try parse("<a> x\r\ny\rz&#13; </a>").text == " x\ny\nz\r ")
    }

    @Test func `carries control characters as references`() throws {
        #expect(try parse("<a>&#1;&#x1F;</a>").text == "\u{1}\u{1F}")
    }

    @Test(arguments: [
        "", "a", "<a>", "<a></b>", "<a/><a/>", "<a>&unknown;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>",
        "<!DOCTYPE a><a/>", "<a b=1/>", "<a b='1' b='2'/>", "<a b='<'/>", "<a>\u{1}</a>", "<b/>",
        "<a>&amp</a>", "<a", "<a x", "<a x=", "<a x='", "<![CDATA[x]]>", "<a><![CDATA[x</a>",
        "<a><!-- </a>", "<a><?x </a>", "<a>&#99999999999;</a>", "< a/>",
    ])
    func `refuses what is not well-formed or not the document`(text: String) {
        #expect(throws: S3Error(.malformedXML)) { try parse(text) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: S3Error(.malformedXML)) {
            try XMLElement.parse(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8), root: "a")
        }
    }

    @Test func `nests as deep as the limit and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }

        _ = try parse(nested(Limits.xmlDepth))
        #expect(throws: S3Error(.malformedXML)) { try parse(nested(Limits.xmlDepth + 1)) }
    }

    @Test func `reads what the writer wrote`() throws {
        let text = "a<b>&\"'\r\n\u{1F600}]]>"
        let document = XMLWriter.document("a", namespaced: true) { xml in
            xml.element("b", text)
            xml.element("c") { $0.element("d", 12) }
            xml.element("e", true)
            xml.element("f", ifPresent: nil)
        }

        let element = try XMLElement.parse(document.readableBytesView, root: "a")
        #expect(element["b"]?.text == text)
        #expect(element["c"]?["d"]?.text == "12")
        #expect(element["e"]?.text == "true")
        #expect(element["f"] == nil)
    }
}
