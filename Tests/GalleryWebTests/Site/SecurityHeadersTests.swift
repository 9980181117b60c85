import GalleryClient
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import GalleryWeb

@Suite struct SecurityHeadersTests {
    @Test(arguments: [
        "/", "/posts/1", "/posts/2", "/admin/", "/admin/login/", "/static/gallery.css", "/no",
    ])
    func `every reply tells browsers not to trust it with more than it needs`(
        path: String
    )
        async throws
    {
        let site = try await TestSite()
        try await site.add("cat")
        try await site.browse { browser in
            let headers = try await browser.get(path).headers

            let policy = headers[.contentSecurityPolicy] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; "))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
            #expect(headers[.xContentTypeOptions] == "nosniff")
            #expect(headers[.xFrameOptions] == "DENY")
            #expect(headers[.referrerPolicy] == "same-origin")
        }
    }

    @Test func `pictures may come from the storage's origin and from nowhere else`() async throws {
        let storage = MemoryStorage(base: "http://bucket.s3.localhost:9000/")
        let site = try await TestSite(storage: storage)
        try await site.browse { browser in
            let policy = try await browser.get("/").headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("img-src 'self' blob: http://bucket.s3.localhost:9000;"))
        }
    }

    @Test func `no page has a script or a style of its own`() async throws {
        let site = try await TestSite()
        try await site.add("cat")
        try await site.browseLoggedIn { browser in
            let admin = "/admin/gallery/post/"
            let paths = [
                "/", "/posts/1", admin, admin + "add/", admin + "1/change/", admin + "1/delete/",
            ]
            for path in paths {
                let page = try await browser.get(path)
                #expect(page.status == .ok)
                #expect(!page.text.contains("style=") && !page.text.contains("<style"))
                #expect(
                    page.text.ranges(of: "<script").count
                        == page.text.ranges(of: "<script src=\"/static/").count
                )
                #expect(!page.text.contains(" on") || !page.text.contains("onclick"))
            }
        }
    }

    @Test func `pages of the admin are kept by nobody`() async throws {
        let site = try await TestSite()
        try await site.browseLoggedIn { browser in
            let reply = try await browser.get("/admin/gallery/post/")
            #expect(reply.headers[.cacheControl] == "no-store")
        }
    }

    @Test(arguments: [
        ("/media/", MediaPlace.here(path: "/media/")),
        ("https://b.example/x/", .elsewhere(origin: "https://b.example")),
        ("http://[::1]:9000/b/", .elsewhere(origin: "http://[::1]:9000")),
    ])
    func `where pictures are is told by one URL`(base: String, place: MediaPlace) throws {
        #expect(try MediaPlace(of: MemoryStorage(base: base)) == place)
    }

    @Test(arguments: ["/", "/admin/", "//evil.example/", "ftp://b.example/", "media/"])
    func `a place for media that cannot work is refused at the start`(base: String) {
        #expect(throws: SiteError.self) { try MediaPlace(of: MemoryStorage(base: base)) }
    }
}
