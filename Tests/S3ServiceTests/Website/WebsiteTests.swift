import NIOHTTP1
import Testing

@testable import S3Service

// [Website endpoints](https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html)
@Suite struct WebsiteTests {
    @Test(arguments: [
        ("/", "home"), ("/docs/", "docs"), ("/docs/index.html", "docs"), ("/cat.jpg", "meow"),
        ("/cat.jpg?versionId=x&response-content-type=a", "meow"),
    ])
    func `a folder is its index, and parameters mean nothing`(
        path: String,
        body: String
    ) async throws {
        let reply = try await TestSite().visit(path)

        #expect(reply.status == 200)
        #expect(reply.text == body)
        #expect(reply.header("content-type") == "text/html")
    }

    @Test func `a folder without its slash is redirected, where it has an index`() async throws {
        let site = try await TestSite()

        let reply = await site.visit("/docs")
        #expect(reply.status == 302)
        #expect(reply.header("location") == "/docs/")
        #expect(reply.header("x-amz-error-code") == "Found")
        #expect(await site.visit("/cat").status == 404)
        // An object of that name comes first.
        _ = await site.s3.send(.PUT, "/photos/docs", "a file")
        #expect(await site.visit("/docs").text == "a file")
    }

    @Test func `who may not list is redirected to folders all the same`() async throws {
        let site = try await TestSite(lists: false)

        #expect(await site.visit("/docs").header("location") == "/docs/")
        #expect(await site.visit("/gone").status == 403)
    }

    @Test func `an error shows the website's own page with the error's status`() async throws {
        let site = try await TestSite()

        let reply = await site.visit(
            "/gone",
            headers: ["if-none-match": "*", "range": "bytes=0-0"]
        )
        #expect(reply.status == 404)
        #expect(reply.text == "oh no")
        #expect(await site.visit("/gone", .HEAD).status == 404)
        #expect(await site.visit("/gone", .HEAD).body.isEmpty)
    }

    @Test func `without such a page, S3 makes one`() async throws {
        let index = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>"
        let reply = try await TestSite(index).visit("/%3Cb%3E")

        #expect(reply.status == 404)
        #expect(reply.header("content-type") == "text/html; charset=utf-8")
        #expect(reply.header("x-amz-error-code") == "NoSuchKey")
        #expect(reply.header("x-amz-error-detail-Key") == "<b>")
        #expect(
            reply.text.hasPrefix(
                """
                <html>
                <head><title>404 Not Found</title></head>
                <body>
                <h1>404 Not Found</h1>
                <ul>
                <li>Code: NoSuchKey</li>
                <li>Message: The specified key does not exist.</li>
                <li>Key: &lt;b&gt;</li>
                <li>RequestId: \(reply.header("x-amz-request-id") ?? "")</li>
                """
            )
        )
        #expect(reply.text.hasSuffix("</ul>\n<hr/>\n</body>\n</html>\n"))
    }

    @Test func `a page for errors that is not there is told of too`() async throws {
        let site = try await TestSite()
        _ = await site.s3.send(.DELETE, "/photos/error.html")

        let reply = await site.visit("/gone")
        #expect(reply.status == 404)
        #expect(reply.text.contains("Retrieve a Custom Error Document"))
        #expect(reply.text.contains("<li>Key: error.html</li>"))
    }

    @Test func `a closed bucket shows nothing, not even to who signs`() async throws {
        let site = try await TestSite(isOpen: false)
        let host = "photos.s3-website.localhost"

        let reply = await site.visit("/cat.jpg")
        #expect(reply.status == 403 && reply.text.contains("<li>Code: AccessDenied</li>"))
        #expect(await site.s3.send(.GET, "/cat.jpg", host: host).status == 403)
        #expect(await site.visit("/docs").status == 403)
    }

    @Test func `no bucket, no website, no page`() async throws {
        let s3 = try await TestS3()
        let gone = await s3.anonymous(.GET, "/", host: "gone.s3-website.localhost")
        let none = await s3.anonymous(.GET, "/", host: "photos.s3-website-us-east-1.localhost")
        let root = await s3.anonymous(.GET, "/a/b", host: "s3-website.localhost")

        #expect(gone.status == 404 && gone.text.contains("<li>BucketName: gone</li>"))
        #expect(none.status == 404)
        #expect(none.header("x-amz-error-code") == "NoSuchWebsiteConfiguration")
        #expect(root.status == 301 && root.header("location") == "https://aws.amazon.com/s3/")
    }

    @Test(arguments: [HTTPMethod.PUT, .POST, .DELETE, .OPTIONS])
    func `only GET and HEAD are taken`(method: HTTPMethod) async throws {
        let site = try await TestSite()
        let reply = await site.s3.send(method, "/cat.jpg", host: "photos.s3-website.localhost")

        #expect(reply.status == 405)
        #expect(reply.text.contains("<li>Method: \(method.rawValue)</li>"))
        #expect(await site.visit("/cat.jpg").text == "meow")
    }

    @Test func `there is no https, as on AWS`() async throws {
        let reply = try await TestSite().visit("/", isSecure: true)

        #expect(reply.status == 400 && reply.text.contains("do not support HTTPS"))
    }

    @Test func `conditions and ranges count`() async throws {
        let site = try await TestSite()
        let etag = await site.visit("/cat.jpg").header("etag") ?? ""

        #expect(await site.visit("/cat.jpg", headers: ["if-none-match": etag]).status == 304)
        let part = await site.visit("/cat.jpg", headers: ["range": "bytes=1-2"])
        #expect(part.status == 206 && part.text == "eo")
        #expect(part.header("content-range") == "bytes 1-2/4")
        #expect(await site.visit("/cat.jpg", headers: ["range": "bytes=9-"]).status == 416)
        #expect(await site.visit("/cat.jpg", headers: ["if-match": "\"x\""]).status == 412)
        let head = await site.visit("/", .HEAD)
        #expect(head.status == 200 && head.body.isEmpty && head.header("content-length") == "4")
    }

    @Test func `a deleted page is gone, and an older version is not shown`() async throws {
        let site = try await TestSite()
        let on = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await site.s3.send(.PUT, "/photos?versioning", on)
        _ = await site.s3.send(.DELETE, "/photos/cat.jpg")
        _ = await site.s3.send(.DELETE, "/photos/docs/index.html")

        #expect(await site.visit("/cat.jpg").status == 404)
        #expect(await site.visit("/docs").status == 404)
    }

    @Test func `Pail's own paths are keys of a website like any other`() async throws {
        let reply = try await TestSite().visit("/_pail/health")

        #expect(reply.status == 404 && reply.text == "oh no")
    }

    @Test func `a path that cannot be read is told of in a page`() async throws {
        let reply = try await TestSite().visit("/%zz")

        #expect(reply.status == 400 && reply.text.contains("<li>Code: InvalidURI</li>"))
    }
}
