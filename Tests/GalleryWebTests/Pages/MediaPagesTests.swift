import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import GalleryWeb

@Suite struct MediaPagesTests {
    private let site: TestSite

    init() async throws {
        site = try await TestSite()
        site.storage.put("images/cat.jpg", Array("0123456789".utf8))
        site.storage.put("images/schöne Katze.jpg", Array("miau".utf8))
        site.storage.put("page.html", Array("<script>alert(1)</script>".utf8))
        site.storage.put("../secret", Array("secret".utf8))
        site.storage.put("images/../secret", Array("secret".utf8))
    }

    @Test func `a file is sent whole, with what browsers need to keep it`() async throws {
        try await site.browse { browser in
            let reply = try await browser.get("/media/images/cat.jpg")
            #expect(reply.status == .ok && reply.text == "0123456789")
            #expect(reply.headers[.contentType] == "image/jpeg")
            #expect(reply.headers[.eTag] == "\"e10\"" && reply.headers[.acceptRanges] == "bytes")
            #expect(reply.headers[.lastModified] == "Sun, 06 Nov 1994 08:49:37 GMT")
            #expect(reply.headers[.xContentTypeOptions] == "nosniff")
            #expect(reply.headers[.contentDisposition] == "inline")
        }
    }

    @Test(arguments: [
        ("bytes=0-0", "0", "bytes 0-0/10"), ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"), ("bytes=5-99", "56789", "bytes 5-9/10"),
    ])
    func `a range is sent alone`(range: String, content: String, said: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.request(
                "/media/images/cat.jpg",
                headers: [.range: range]
            )
            #expect(reply.status == .partialContent && reply.text == content)
            #expect(reply.headers[.contentRange] == said)
        }
    }

    @Test(arguments: ["bytes=10-", "bytes=99-100", "bytes=-0"])
    func `a range beyond the end is refused with the size`(range: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.request(
                "/media/images/cat.jpg",
                headers: [.range: range]
            )
            #expect(reply.status == .rangeNotSatisfiable)
            #expect(reply.headers[.contentRange] == "bytes */10")
        }
    }

    @Test(arguments: ["lines=1-2", "bytes=0-1,3-4", "bytes=", "bytes=5-2", "x"])
    func `a range that means nothing is passed over`(range: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.request(
                "/media/images/cat.jpg",
                headers: [.range: range]
            )
            #expect(reply.status == .ok && reply.text == "0123456789")
        }
    }

    @Test func `a file that a browser has is not sent again`() async throws {
        try await site.browse { browser in
            let path = "/media/images/cat.jpg"
            let same = try await browser.request(path, headers: [.ifNoneMatch: "\"e10\""])
            #expect(same.status == .notModified && same.body.readableBytes == 0)
            let other = try await browser.request(path, headers: [.ifNoneMatch: "\"e9\""])
            #expect(other.status == .ok)
            let changed = try await browser.request(
                path,
                headers: [.range: "bytes=0-1", .ifRange: "\"e9\""]
            )
            #expect(changed.status == .ok && changed.text == "0123456789")
        }
    }

    @Test func `a name of any letters is found`() async throws {
        try await site.browse { browser in
            let reply = try await browser.get("/media/images/sch%C3%B6ne%20Katze.jpg")
            #expect(reply.text == "miau")
        }
    }

    @Test func `what is no picture is never shown as a page`() async throws {
        try await site.browse { browser in
            let reply = try await browser.get("/media/page.html")
            #expect(reply.headers[.contentDisposition] == "attachment")
            #expect(reply.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
        }
    }

    @Test(arguments: [
        "../secret", "%2e%2e/secret", "..%2Fsecret", "images/../secret", "images/%2e%2e/secret",
        "images%2F..%2Fsecret", "images/..%5csecret", "..%5c..%5csecret", "/etc/passwd",
        "%2Fetc%2Fpasswd", "images/", "", "%00", "images/cat.jpg%00.png", "%zz", "%ff",
        "./images/cat.jpg", "images//cat.jpg",
    ])
    func `no name leads out of the folder`(name: String) async throws {
        try await site.browse { browser in
            let reply = try await browser.get("/media/\(name)")
            #expect(reply.status == .notFound && !reply.text.contains("secret"))
        }
    }

    @Test func `pictures in a bucket are not served here`() async throws {
        let site = try await TestSite(storage: MemoryStorage(base: "https://b.example/"))
        site.storage.put("images/cat.jpg", [1])
        try await site.browse { browser in
            let reply = try await browser.get("/media/images/cat.jpg")
            #expect(reply.status == .notFound)
        }
    }
}
