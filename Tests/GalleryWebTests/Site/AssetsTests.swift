import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@testable import GalleryWeb

@Suite struct AssetsTests {
    @Test(arguments: [
        ("gallery.css", "text/css; charset=utf-8"),
        ("gallery.js", "text/javascript; charset=utf-8"),
        ("upload.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml"),
    ])
    func `each file has its type, and a tag that spares the next download`(
        name: String,
        type: String
    ) async throws {
        let site = try await TestSite()
        try await site.browse { browser in
            let reply = try await browser.get("/static/\(name)")
            #expect(reply.status == .ok && reply.headers[.contentType] == type)
            #expect(reply.headers[.cacheControl] == "public, no-cache")

            let etag = try #require(reply.headers[.eTag])
            let again = try await browser.request(
                "/static/\(name)",
                headers: [.ifNoneMatch: etag]
            )
            #expect(again.status == .notModified && again.body.readableBytes == 0)
        }
    }

    @Test func `a page links the files by their version, and those are kept for ever`() async throws
    {
        let site = try await TestSite()
        try await site.browse { browser in
            let link = "/static/gallery.css?v=\(site.site.assets.version)"
            #expect(try await browser.get("/").text.contains("href=\"\(link)\""))
            let cached = try await browser.get(link).headers[.cacheControl]
            #expect(cached == "public, max-age=31536000, immutable")
        }
    }

    @Test(arguments: ["nothing.css", "layout.mustache", "..%2Fgallery.css", "%00"])
    func `nothing else is served`(name: String) async throws {
        let site = try await TestSite()
        try await site.browse { browser in
            let reply = try await browser.get("/static/\(name)")
            #expect(reply.status == .notFound)
        }
    }

    @Test func `nothing refers to another host`() throws {
        for bytes in [
            PackageResources.gallery_css, PackageResources.gallery_js, PackageResources.upload_js,
            PackageResources.layout_mustache, PackageResources.gallery_mustache,
        ] {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("http://") && !text.contains("https://"))
        }
    }
}
