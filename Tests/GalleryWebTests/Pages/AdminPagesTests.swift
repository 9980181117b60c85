import GalleryClient
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import GalleryWeb

@Suite struct AdminPagesTests {
    private let site: TestSite
    private let list = "/admin/gallery/post/"

    init() async throws { site = try await TestSite() }

    @Test func `a post that is added is on the list and in the gallery`() async throws {
        try await site.browseLoggedIn { [site, list] browser in
            let reply = try await browser.upload("  A cat ", TextWorkshop.picture(640, 480))
            #expect(reply.status == .seeOther && reply.location == list)

            let page = try await browser.get(list).text
            #expect(page.contains("The post “A cat” was added successfully."))
            #expect(page.contains("images/cat.jpg · 640 × 480"))
            #expect(try await !browser.get(list).text.contains("added successfully"))
            #expect(try await browser.get("/").text.contains("alt=\"A cat\""))
            let names = ["images/cat.jpg", "images/cat.jpg.large", "images/cat.jpg.small"]
            #expect(site.storage.names == names)
            #expect(site.storage.content(of: names[0]) == TextWorkshop.picture(640, 480))
        }
    }

    @Test func `two images of one name are two files`() async throws {
        try await site.browseLoggedIn { [site] browser in
            _ = try await browser.upload("first", TextWorkshop.picture(1, 1))
            _ = try await browser.upload("second", TextWorkshop.picture(2, 2))

            let posts = try await site.site.posts.page(1, size: 9)?.posts ?? []
            #expect(posts.map(\.image.name) == ["images/cat_1.jpg", "images/cat.jpg"])
            #expect(site.storage.content(of: "images/cat.jpg") == TextWorkshop.picture(1, 1))
        }
    }

    @Test func `a script gets the post as JSON`() async throws {
        try await site.browseLoggedIn { browser in
            let picture = TextWorkshop.picture()
            let reply = try await browser.upload("cat", picture, accept: "application/json")
            #expect(reply.status == .created)
            #expect(reply.headers[.contentType]?.hasPrefix("application/json") == true)
            #expect(reply.text.contains("\"title\":\"cat\"") && reply.text.contains("\"id\":1"))

            let refused = try await browser.upload("", nil, accept: "application/json")
            #expect(refused.status == .unprocessableContent)
            #expect(refused.text.contains("\"title\":\"This field is required.\""))
        }
    }

    @Test func `a title is changed and the image stays`() async throws {
        try await site.add("cat")
        try await site.browseLoggedIn { [site, list] browser in
            let before = site.storage.names
            let reply = try await browser.upload("dog", nil, named: "", to: "\(list)1/change/")
            #expect(reply.status == .seeOther)
            #expect(try await site.site.posts.post(1)?.title == "dog")
            #expect(site.storage.names == before)
            #expect(try await browser.get(list).text.contains("“dog” was changed successfully."))
        }
    }

    @Test func `an image is replaced and the old files go`() async throws {
        try await site.add("cat", image: "images/old.jpg")
        try await site.browseLoggedIn { [site, list] browser in
            let picture = TextWorkshop.picture(30, 20)
            _ = try await browser.upload("cat", picture, named: "new.jpg", to: "\(list)1/change/")
            let image = try await site.site.posts.post(1)?.image
            #expect(image == StoredImage(name: "images/new.jpg", width: 30, height: 20))
            #expect(site.storage.names.allSatisfy { $0.hasPrefix("images/new.jpg") })
            #expect(site.storage.names.count == 3)
        }
    }

    @Test func `a post is deleted after a question, and its files with it`() async throws {
        try await site.add("cat")
        try await site.browseLoggedIn { [site, list] browser in
            let question = try await browser.get("\(list)1/delete/").text
            #expect(question.contains("Are you sure?") && question.contains("“cat”"))
            let token = try await browser.formToken(on: "\(list)1/delete/")
            let reply = try await browser.post("\(list)1/delete/", ["csrf": token])
            #expect(reply.location == list && site.storage.names.isEmpty)
            #expect(try await site.site.posts.post(1) == nil)
            #expect(try await browser.get(list).text.contains("“cat” was deleted."))
            let again = try await browser.post("\(list)1/delete/", ["csrf": token])
            #expect(again.status == .notFound)
        }
    }

    @Test func `files that cannot be removed are told, and the post is gone`() async throws {
        try await site.add("cat")
        let error = StorageError(.accessDenied, message: "Not allowed.", advice: "Ask.")
        site.storage.fail(.delete, with: error)
        try await site.browseLoggedIn { [site, list] browser in
            let token = try await browser.formToken(on: "\(list)1/delete/")
            _ = try await browser.post("\(list)1/delete/", ["csrf": token])
            #expect(try await site.site.posts.post(1) == nil)
            let page = try await browser.get(list).text
            #expect(page.contains("images/cat.jpg could not be removed") && page.contains("Ask."))
        }
    }

    @Test(arguments: ["9/change/", "9/delete/", "x/change/", "-1/delete/"])
    func `a post that is not there cannot be changed`(path: String) async throws {
        try await site.browseLoggedIn { [list] browser in
            let reply = try await browser.get(list + path)
            #expect(reply.status == .notFound)
        }
    }
}
