import Testing

@testable import GalleryWeb

@Suite struct LocalPathTests {
    @Test(arguments: ["/", "/admin/", "/posts/1?page=2", "/a//b"])
    func `a path of this site is kept`(path: String) {
        #expect(LocalPath.check(path, orElse: "/other") == path)
    }

    @Test(arguments: [nil, "", "//a", "/\\a", "a", "http:a", "/a\nb", "/a b", "/ä", "/\u{7f}"])
    func `anything that could be another site is not`(path: String?) {
        #expect(LocalPath.check(path, orElse: "/other") == "/other")
    }
}
