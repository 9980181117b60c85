import Testing

@testable import Daemon

@Suite struct ContentTypesTests {
    // What `mimetypes.MimeTypes(filenames=()).guess_type(name)[0]` says in Python.
    @Test(arguments: [
        ("a.png", "image/png"), ("a.PNG", "image/png"), ("x/b.c.html", "text/html"),
        ("a.tar.gz", "application/x-tar"), ("a.tgz", "application/x-tar"),
        ("a.tar.Z", "application/x-tar"), ("b.json.br", "application/json"),
        ("a", nil), ("png", nil), (".png", nil), ("..png", nil), (".tgz", nil), ("a.gz", nil),
        ("a.tar.z", nil), ("a.", nil), ("a.b/c", nil), ("...", nil), ("", nil), ("a.none", nil),
    ])
    func `a name has the type that the AWS CLI gives it`(name: String, type: String?) {
        #expect(ContentTypes.guess(name) == type)
    }
}
