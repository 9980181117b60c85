import Digests
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import GalleryWeb

@Suite struct FormTokenTests {
    private let site: TestSite

    init() async throws { site = try await TestSite() }

    @Test(arguments: ["", "0", String(repeating: "0", count: 64)])
    func `no form is taken without its token`(token: String) async throws {
        try await site.add("cat")
        try await site.browseLoggedIn { [site] browser in
            let post = "/admin/gallery/post"
            let replies = [
                try await browser.upload("x", TextWorkshop.picture(), token: token),
                try await browser.upload(
                    "x",
                    TextWorkshop.picture(),
                    to: "\(post)/1/change/",
                    token: token
                ),
                try await browser.post("\(post)/1/delete/", ["csrf": token]),
                try await browser.post("/admin/logout/", ["csrf": token]),
            ]
            #expect(replies.map(\.status) == [.forbidden, .forbidden, .forbidden, .forbidden])
            #expect(try await site.site.posts.page(1, size: 9)?.posts.map(\.title) == ["cat"])
            #expect(site.storage.names.count == 3)
            #expect(try await browser.get("\(post)/").status == .ok)
        }
    }

    @Test func `the token of another session is none`() async throws {
        try await site.browseLoggedIn { [site] first in
            let token = try await first.formToken(on: "/admin/gallery/post/add/")
            try await site.browseLoggedIn { second in
                let reply = try await second.upload("x", TextWorkshop.picture(), token: token)
                #expect(reply.status == .forbidden)
            }
        }
    }

    @Test func `a log-in form is taken only with the cookie that came with it`() async throws {
        try await site.browse { browser in
            let token = try await browser.formToken(on: "/admin/login/")
            let fields = ["username": TestSite.user, "password": TestSite.password]

            #expect(try await browser.post("/admin/login/", fields).status == .forbidden)
            browser.setCookie("gallery_form", nil)
            let reply = try await browser.post(
                "/admin/login/",
                fields.merging(["csrf": token]) { $1 }
            )
            #expect(reply.status == .forbidden && reply.text.contains("sent no cookie"))
        }
    }

    @Test func `a token must come before the file`() async throws {
        try await site.browseLoggedIn { browser in
            let token = try await browser.formToken(on: "/admin/gallery/post/add/")
            var form = ByteBuffer(
                string:
                    "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n"
            )
            form.writeString("PICTURE 1 1\r\n")
            form.writeField("csrf", token)
            form.writeField("title", "late")
            form.writeString("--b--\r\n")
            let headers: HTTPFields = [.contentType: "multipart/form-data; boundary=b"]
            let path = "/admin/gallery/post/add/"
            let reply = try await browser.request(path, .post, headers: headers, body: form)
            #expect(reply.status == .forbidden)
        }
    }

    @Test func `nothing is changed by following a link`() async throws {
        try await site.add("cat")
        try await site.browseLoggedIn { [site] browser in
            _ = try await browser.get("/admin/gallery/post/1/delete/")
            _ = try await browser.get("/admin/logout/")
            #expect(try await site.site.posts.post(1) != nil)
            #expect(try await browser.get("/admin/gallery/post/").status == .ok)
        }
    }

    @Test func `a post by whom nobody knows is refused, not led to the form`() async throws {
        try await site.browse { browser in
            let reply = try await browser.upload("x", TextWorkshop.picture(), token: "0")
            #expect(reply.status == .forbidden && reply.text.contains("Log in and try again."))
        }
    }

    @Test func `a form's token does not tell the session's`() {
        let token = SecretToken(from: SeededRandom(seed: 3))

        #expect(token.formToken != token.text && token.formToken != token.hash)
        #expect(token.accepts(formToken: token.formToken))
        #expect(!token.accepts(formToken: nil) && !token.accepts(formToken: token.text))
    }
}
