import HTTPMessage
import NIOCore
import Testing

/// What stands before a field's content, as browsers, curl, Go, Python and .NET write it.
@Suite struct MultipartFormHeaderTests {
    @Test(arguments: [
        (#"form-data; name="file"; filename="cat.jpg""#, "cat.jpg"),
        (#"form-data; filename="cat.jpg"; name="file""#, "cat.jpg"),
        (#"Form-Data ; NAME=file;FileName=cat.jpg"#, "cat.jpg"),
        (#"form-data; name=file; filename="";"#, ""),
        (#"form-data; name=file; filename="a b;c=d.jpg""#, "a b;c=d.jpg"),
        (#"form-data; name=file; filename="日本語 ü.jpg""#, "日本語 ü.jpg"),
        // Browsers write a quotation mark so, and leave a percent sign alone.
        (#"form-data; name=file; filename="a%22b 100%.jpg""#, "a%22b 100%.jpg"),
        // Go and older curl.
        (#"form-data; name=file; filename="a\"b\\c.jpg""#, #"a"b\c.jpg"#),
        // Browsers, on systems where a name may hold a backslash.
        (#"form-data; name=file; filename="C:\cats\tom.jpg""#, #"C:\cats\tom.jpg"#),
        (#"form-data; name=file; filename="tom\""#, #"tom\"#),
        (#"form-data; name=file; filename="../../etc/passwd""#, "../../etc/passwd"),
        // .NET adds what RFC 7578 forbids; the plain parameter counts.
        (#"form-data; name=file; filename=cat.jpg; filename*=utf-8''dog.jpg"#, "cat.jpg"),
    ])
    func `a file's name is read as it came`(disposition: String, fileName: String) throws {
        #expect(try field(disposition).fileName == fileName)
        #expect(try field(disposition).name == "file")
    }

    @Test(arguments: [
        "attachment; name=a", "form-data", "form-data; filename=a", "form-data; name",
        "form-data; name=", "form-data; name=\"a", "form-data; name=a b",
        "form-data; name=a; name=b",
        "form-data; =a", "form-data name=a", "form-data; name=\"a\"b", "",
    ])
    func `a Content-Disposition that cannot be read for sure is refused`(disposition: String) {
        #expect(
            throws: MultipartFormError.malformed("a Content-Disposition header cannot be read")
        ) { try field(disposition) }
    }

    @Test func `a field's name may be empty, and any text`() throws {
        #expect(try field(#"form-data; name="""#).name == "")
        #expect(try field(#"form-data; name="x-amz-meta-ü""#).name == "x-amz-meta-ü")
    }

    @Test(arguments: [
        ("cat.jpg", "cat.jpg"), (#"C:\cats\tom.jpg"#, "tom.jpg"), ("/home/tom.jpg", "tom.jpg"),
        (#"a/b\c"#, "c"), (#"a\b/c"#, "c"), ("folder/", ""), ("", ""), ("..", ".."),
    ])
    func `the base name is what follows the last slash of either kind`(
        fileName: String,
        baseName: String
    ) {
        #expect(MultipartFormField(name: "file", fileName: fileName).baseName == baseName)
        #expect(MultipartFormField(name: "file").baseName == nil)
    }

    @Test(arguments: [
        "multipart/form-data; boundary=X", "Multipart/Form-Data;BOUNDARY=\"X\"",
        "multipart/form-data; charset=utf-8; boundary=X",
    ])
    func `the boundary is read from the content type`(contentType: String) throws {
        var reader = try MultipartFormReader(contentType: contentType)
        reader.feed(ByteBuffer(string: "--X--"))

        #expect(try reader.next() == .formEnd)
    }

    @Test(arguments: [
        "'()+_,-./:=?0aZ", "----WebKitFormBoundaryAbC123", "a b",
        String(repeating: "b", count: MultipartFormLimits.boundaryBytes),
    ])
    func `a boundary has up to 70 of the characters of RFC 2046`(boundary: String) throws {
        var reader = try MultipartFormReader(
            contentType: "multipart/form-data; boundary=\"\(boundary)\""
        )
        reader.feed(ByteBuffer(string: "--\(boundary)--"))

        #expect(try reader.next() == .formEnd)
    }

    @Test(arguments: [
        "", "multipart/form-data", "multipart/mixed; boundary=X", "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=a*b", "multipart/form-data; boundary=ü",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=\"a",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary="
            + String(repeating: "b", count: MultipartFormLimits.boundaryBytes + 1),
    ])
    func `a content type without a boundary that could be one is no form's`(contentType: String) {
        #expect(throws: MultipartFormError.notAForm) {
            try MultipartFormReader(contentType: contentType)
        }
    }
}

/// The field that a Content-Disposition header begins.
private func field(_ disposition: String) throws -> MultipartFormField {
    var reader = try MultipartFormReader(contentType: "multipart/form-data; boundary=X")
    reader.feed(ByteBuffer(string: "--X\r\nContent-Disposition: \(disposition)\r\n\r\n"))
    guard case .field(let field)? = try reader.next() else {
        throw MultipartFormError.incomplete
    }
    return field
}
