import GalleryClient
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import GalleryWeb

@Suite struct GalleryPagesTests {
    private let site: TestSite

    init() async throws { site = try await TestSite() }

    @Test func `an empty gallery says so`() async throws {
        try await site.browse { browser in
            let page = try await browser.get("/")
            #expect(page.status == .ok && page.text.contains("No pictures yet"))
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(!page.text.contains("<dialog"))
        }
    }

    @Test func `each post is a picture with its title, sizes and dimensions`() async throws {
        try await site.add("A cat", image: "images/cat.jpg")
        try await site.browse { browser in
            let page = try await browser.get("/").text
            #expect(page.contains("1 picture<"))
            #expect(page.contains("alt=\"A cat\"") && page.contains("href=\"/posts/1\""))
            #expect(page.contains("width=\"2000\" height=\"1000\""))
            let sizes = "/media/images/cat.jpg.small 400w, /media/images/cat.jpg.large 1600w"
            #expect(page.contains("srcset=\"\(sizes)\""))
            #expect(page.contains("data-original=\"/media/images/cat.jpg\""))
        }
    }

    @Test func `the pictures below the first rows wait until they are near`() async throws {
        for number in 1...8 { try await site.add("\(number)") }
        try await site.browse { browser in
            let page = try await browser.get("/").text
            #expect(page.ranges(of: "loading=\"eager\"").count == 6)
            #expect(page.ranges(of: "loading=\"lazy\"").count == 2)
        }
    }

    @Test func `more posts than a page holds go on the next`() async throws {
        for number in 1...25 { try await site.add("number-\(number)") }
        try await site.browse { browser in
            let first = try await browser.get("/").text
            #expect(first.ranges(of: "class=\"tile\"").count == SiteSettings.postsPerPage)
            #expect(
                first.contains("Page 1 of 2") && first.contains("href=\"/?page=2\" rel=\"next\"")
            )
            let second = try await browser.get("/?page=2").text
            #expect(second.contains("alt=\"number-1\"") && !second.contains("alt=\"number-2\""))
            #expect(second.contains("href=\"/?page=1\" rel=\"prev\""))
        }
    }

    @Test(arguments: ["0", "3", "-1", "x", "", "99999999999999999999", "%31%00"])
    func `a page that is not there is a 404`(page: String) async throws {
        try await site.add("cat")
        try await site.browse { browser in
            let reply = try await browser.get("/?page=\(page)")
            #expect(reply.status == .notFound && reply.text.contains("There is nothing here"))
        }
    }

    @Test func `a post's own page leads to those beside it`() async throws {
        for title in ["first", "second", "third"] { try await site.add(title) }
        try await site.browse { browser in
            let page = try await browser.get("/posts/2").text
            #expect(page.contains("<h1>second</h1>") && page.contains("2000 × 1000"))
            #expect(page.contains("datetime=\"2023-11-14\""))
            #expect(page.contains("href=\"/posts/3\" rel=\"prev\""))
            #expect(page.contains("href=\"/posts/1\" rel=\"next\""))
            #expect(try await !browser.get("/posts/3").text.contains("rel=\"prev\""))
        }
    }

    @Test(arguments: ["2", "0", "x", "1.5", "1%20", "99999999999999999999"])
    func `a post that is not there is a 404`(id: String) async throws {
        try await site.add("cat")
        try await site.browse { browser in
            let reply = try await browser.get("/posts/\(id)")
            #expect(reply.status == .notFound)
        }
    }

    @Test func `a request for headers gets them alone`() async throws {
        try await site.browse { browser in
            let reply = try await browser.request("/", .head)
            #expect(
                reply.status == .ok && reply.headers[.contentType] == "text/html; charset=utf-8"
            )
        }
    }

    @Test func `a storage that fails shows strangers no more than that`() async throws {
        try await site.add("cat")
        let error = StorageError(.configuration, message: "No key is set.", advice: "Set one.")
        site.storage.fail(.url, with: error)
        try await site.browse { browser in
            let page = try await browser.get("/")
            #expect(page.status == .badGateway && !page.text.contains("No key"))
            try await browser.logIn()
            let keepers = try await browser.get("/").text
            #expect(keepers.contains("No key is set.") && keepers.contains("Set one."))
        }
    }
}
