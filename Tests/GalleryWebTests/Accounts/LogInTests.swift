import GRDB
import HTTPTypes
import HummingbirdTesting
import S3Protocol
import Testing

@testable import GalleryWeb

@Suite struct LogInTests {
    private let site: TestSite

    init() async throws { site = try await TestSite() }

    @Test func `the right name and password lead into the admin`() async throws {
        try await site.browse { browser in
            let reply = try await browser.logIn()

            #expect(reply.status == .seeOther && reply.location == "/admin/")
            #expect(try await browser.get("/admin/gallery/post/").status == .ok)
        }
    }

    @Test(arguments: [
        (TestSite.user, "wrong-password"), ("nobody", TestSite.password), ("", ""),
        ("KEEPER", TestSite.password),
    ])
    func `anything else is told one and the same`(name: String, password: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.logIn(name, password)

            #expect(reply.status == .unprocessableContent)
            #expect(reply.text.contains("Please enter a correct username and password."))
            #expect(reply.text.contains("aria-describedby=\"log-in-error\""))
            #expect(browser.cookie("gallery_session") == nil)
        }
    }

    @Test func `whoever has not logged in is sent to the form and comes back`() async throws {
        try await site.add("cat")
        try await site.browse { browser in
            let reply = try await browser.get("/admin/gallery/post/1/change/?from=here")

            let form = "/admin/login/?next=%2Fadmin%2Fgallery%2Fpost%2F1%2Fchange%2F%3Ffrom%3Dhere"
            #expect(reply.status == .seeOther && reply.location == form)
            let page = try await browser.get(form).text
            #expect(
                page.contains("name=\"next\" value=\"/admin/gallery/post/1/change/?from=here\"")
            )
            let after = try await browser.logIn(next: "/admin/gallery/post/1/change/?from=here")
            #expect(after.location == "/admin/gallery/post/1/change/?from=here")
        }
    }

    @Test(arguments: [
        "//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)", "",
        "/\t/evil.example", "\\\\evil.example", "evil", "/ok\r\nSet-Cookie: a=b",
    ])
    func `no log-in leads to another site`(next: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.logIn(next: next)
            #expect(reply.location == "/admin/")
        }
    }

    @Test func `logging out ends the session for good`() async throws {
        try await site.browseLoggedIn { browser in
            let session = browser.cookie("gallery_session")
            let token = try await browser.formToken(on: "/admin/gallery/post/")

            let reply = try await browser.post("/admin/logout/", ["csrf": token])

            #expect(reply.location == "/" && browser.cookie("gallery_session") == nil)
            browser.setCookie("gallery_session", session)
            #expect(try await browser.get("/admin/gallery/post/").status == .seeOther)
        }
    }

    @Test func `a session ends after two weeks`() async throws {
        try await site.browseLoggedIn { [site] browser in
            site.time.advance(bySeconds: Sessions.lifetime - 1)
            let reply = try await browser.get("/admin/gallery/post/")
            #expect(reply.status == .ok)
            site.time.advance(bySeconds: 1)
            #expect(try await browser.get("/admin/gallery/post/").status == .seeOther)
        }
    }

    @Test(arguments: ["", "abc", String(repeating: "0", count: 64), "../../etc/passwd"])
    func `a made-up session is none`(value: String) async throws {
        try await site.browse { browser in
            browser.setCookie("gallery_session", value)
            let reply = try await browser.get("/admin/gallery/post/")
            #expect(reply.status == .seeOther)
        }
    }

    @Test func `a new log-in has a new session and ends the old one`() async throws {
        try await site.browseLoggedIn { browser in
            let old = browser.cookie("gallery_session")
            browser.setCookie("gallery_session", nil)
            let token = try await browser.formToken(on: "/admin/login/")
            browser.setCookie("gallery_session", old)
            let fields = ["csrf": token, "username": TestSite.user, "password": TestSite.password]
            _ = try await browser.post("/admin/login/", fields)

            #expect(browser.cookie("gallery_session") != old)
            browser.setCookie("gallery_session", old)
            #expect(try await browser.get("/admin/gallery/post/").status == .seeOther)
        }
    }

    @Test func `the database holds no session's cookie`() async throws {
        try await site.browseLoggedIn { [site] browser in
            let cookie = try #require(browser.cookie("gallery_session"))
            let stored = try await site.database.writer.read {
                try String.fetchAll($0, sql: "SELECT token FROM session")
            }
            #expect(stored.count == 1 && stored[0].count == 64 && stored[0] != cookie)
        }
    }

    @Test func `cookies are out of reach of scripts and of other sites`() async throws {
        try await site.browse { browser in
            let form = try await browser.get("/admin/login/").headers[values: .setCookie]
            let session = try await browser.logIn().headers[values: .setCookie]

            #expect(form.count == 1 && session.count == 1)
            for cookie in form + session {
                #expect(cookie.contains("; Path=/; HttpOnly; SameSite=Lax"))
                #expect(!cookie.contains("Secure"))
            }
            #expect(session[0].contains("; Max-Age=1209600"))
        }
    }

    @Test func `behind https cookies go over https alone`() async throws {
        let site = try await TestSite(settings: SiteSettings(isBehindHTTPS: true))
        try await site.browse { browser in
            let cookies = try await browser.logIn().headers[values: .setCookie]

            #expect(cookies.count == 1 && cookies[0].hasPrefix("__Host-gallery_session="))
            #expect(cookies[0].hasSuffix("; Secure"))
            #expect(try await browser.get("/admin/gallery/post/").status == .ok)
        }
    }
}
