import HTTPTypes
import HummingbirdTesting
import Testing

@testable import GalleryWeb

@Suite struct PageRendererTests {
    /// Titles that would be more than text, were they not escaped; `\u{338}` joins the character before it.
    private static let titles = [
        "<script>alert(1)</script>", "\" onerror=\"alert(1)", "' onerror='alert(1)",
        "\"\u{338} onerror=alert(1) x=\"\u{338}", "<\u{338}img src=x onerror=alert(1)>",
        "&lt;b&gt;", "{{page.formToken}}", "{{{page.user}}}", "</title><b>",
    ]

    @Test(arguments: titles)
    func `a title is text on every page that shows it`(title: String) async throws {
        let site = try await TestSite()
        try await site.add(title, image: "images/cat.jpg")
        let escaped = Self.escape(title)
        try await site.browseLoggedIn { browser in
            let admin = "/admin/gallery/post/"
            let paths = ["/", "/posts/1", admin, admin + "1/change/", admin + "1/delete/"]
            for path in paths {
                let page = try await browser.get(path).text
                #expect(Self.holds(page, escaped), "\(path) lost the title")
                #expect(!Self.holds(page, title) || escaped == title, "\(path) took it for more")
            }
        }
    }

    @Test func `a name that was typed into the log-in form comes back as text`() async throws {
        let site = try await TestSite()
        try await site.browse { browser in
            let page = try await browser.logIn("\"><script>", "wrong").text
            #expect(page.contains("value=\"&quot;&gt;&lt;script&gt;\""))
        }
    }

    /// Compares by scalars: as characters, a quotation mark with a stroke is no quotation mark.
    private static func holds(_ page: String, _ text: String) -> Bool {
        Array(page.unicodeScalars).contains(Array(text.unicodeScalars))
    }

    private static func escape(_ text: String) -> String {
        let special: [Unicode.Scalar: String] = [
            "<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;", "'": "&#39;",
        ]
        return text.unicodeScalars.map { special[$0] ?? String($0) }.joined()
    }
}
