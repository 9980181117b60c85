import NIOHTTP1
import Testing

@testable import S3Service

// [Redirects](https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html)
@Suite struct WebsiteRedirectTests {
    private static let header = "x-amz-website-redirect-location"

    @Test func `a website can send everybody elsewhere`() async throws {
        let site = try await TestSite(
            "<RedirectAllRequestsTo><HostName>example.com</HostName></RedirectAllRequestsTo>"
        )
        let reply = await site.visit("/a%20b/c?q=1")
        #expect(reply.status == 301 && reply.body.isEmpty)
        #expect(reply.header("location") == "http://example.com/a%20b/c?q=1")

        let secure = try await TestSite(
            """
            <RedirectAllRequestsTo><HostName>example.com</HostName><Protocol>https</Protocol>\
            </RedirectAllRequestsTo>
            """
        )
        #expect(await secure.visit("/").header("location") == "https://example.com/")
    }

    @Test func `a rule for a prefix counts before the key is looked for`() async throws {
        let site = try await TestSite(
            TestSite.rules(
                """
                <RoutingRule><Condition><KeyPrefixEquals>docs/</KeyPrefixEquals></Condition>\
                <Redirect><ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith></Redirect>\
                </RoutingRule>\
                <RoutingRule><Condition><KeyPrefixEquals>old</KeyPrefixEquals></Condition>\
                <Redirect><HostName>example.com</HostName><Protocol>https</Protocol>\
                <HttpRedirectCode>307</HttpRedirectCode><ReplaceKeyWith>new.html</ReplaceKeyWith>\
                </Redirect></RoutingRule>
                """
            )
        )

        let docs = await site.visit("/docs/a%20b")
        #expect(docs.status == 301)
        #expect(
            docs.header("location") == "http://photos.s3-website.localhost:9000/documents/a%20b"
        )
        let old = await site.visit("/older")
        #expect(old.status == 307)
        #expect(old.header("location") == "https://example.com/new.html")
        #expect(await site.visit("/cat.jpg").text == "meow")
    }

    @Test func `a rule for an error counts after it, and what it gives is not escaped`()
        async throws
    {
        let site = try await TestSite(
            TestSite.rules(
                """
                <RoutingRule><Condition><HttpErrorCodeReturnedEquals>404\
                </HttpErrorCodeReturnedEquals><KeyPrefixEquals>app/</KeyPrefixEquals></Condition>\
                <Redirect><ReplaceKeyPrefixWith>#!/</ReplaceKeyPrefixWith></Redirect></RoutingRule>
                """
            )
        )

        let reply = await site.visit("/app/page")
        #expect(reply.status == 301)
        #expect(reply.header("location") == "http://photos.s3-website.localhost:9000/#!/page")
        _ = await site.s3.send(.PUT, "/photos/app/page", "there")
        #expect(await site.visit("/app/page").text == "there")
        #expect(await site.visit("/other").text == "oh no")
    }

    @Test func `a rule without a condition is for everything`() async throws {
        let site = try await TestSite(
            TestSite.rules(
                """
                <RoutingRule><Redirect><HostName>example.com</HostName></Redirect></RoutingRule>
                """
            )
        )

        #expect(await site.visit("/cat.jpg").header("location") == "http://example.com/cat.jpg")
    }

    @Test func `an object can send its visitors elsewhere`() async throws {
        let site = try await TestSite()
        _ = await site.s3.send(.PUT, "/photos/moved", "x", headers: [Self.header: "/cat.jpg"])

        let reply = await site.visit("/moved")
        #expect(reply.status == 301 && reply.body.isEmpty)
        #expect(reply.header("location") == "/cat.jpg")
        // The API tells it and does not follow it.
        let object = await site.s3.send(.GET, "/photos/moved")
        #expect(object.status == 200 && object.text == "x")
        #expect(object.header(Self.header) == "/cat.jpg")
        #expect(await site.s3.send(.HEAD, "/photos/moved").header(Self.header) == "/cat.jpg")
    }

    @Test func `a copy has its own redirect and never its source's`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(
            .PUT,
            "/photos/a",
            "x",
            headers: [Self.header: "/one", "x-amz-meta-who": "Tom"]
        )
        func copy(_ headers: HTTPHeaders) async -> Reply {
            var headers = headers
            headers.add(name: "x-amz-copy-source", value: "/photos/a")
            _ = await s3.send(.PUT, "/photos/b", headers: headers)
            return await s3.send(.HEAD, "/photos/b")
        }

        #expect(await copy([:]).header(Self.header) == nil)
        let own = await copy([Self.header: "https://example.com/"])
        #expect(own.header(Self.header) == "https://example.com/")
        #expect(own.header("x-amz-meta-who") == "Tom")
        let replaced = await copy([Self.header: "/two", "x-amz-metadata-directive": "REPLACE"])
        #expect(replaced.header(Self.header) == "/two")
        #expect(replaced.header("x-amz-meta-who") == nil)
        // It is a change, and so makes a copy of an object to itself one.
        let itself: HTTPHeaders = ["x-amz-copy-source": "/photos/b", Self.header: "/three"]
        #expect(await s3.send(.PUT, "/photos/b", headers: itself).status == 200)
        #expect(await s3.send(.HEAD, "/photos/b").header(Self.header) == "/three")
    }

    @Test func `uploads in parts and forms take a redirect too`() async throws {
        let s3 = try await TestS3()
        let begun = await s3.send(.POST, "/photos/p?uploads", headers: [Self.header: "/x"])
        let id = begun["UploadId"] ?? ""
        let part = await s3.send(.PUT, "/photos/p?partNumber=1&uploadId=\(id)", "x")
        let document = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber>\
            <ETag>\(part.header("etag") ?? "")</ETag></Part></CompleteMultipartUpload>
            """
        _ = await s3.send(.POST, "/photos/p?uploadId=\(id)", document)
        #expect(await s3.send(.HEAD, "/photos/p").header(Self.header) == "/x")

        let form = UploadForm(key: "f", [Self.header: "/y"]).signed()
        #expect(await s3.post(form).status == 204)
        #expect(await s3.send(.HEAD, "/photos/f").header(Self.header) == "/y")
    }

    @Test(arguments: [
        "elsewhere", "ftp://example.com/", "javascript:alert(1)",
        "/" + String(repeating: "x", count: 2048),
    ])
    func `a place that nobody can be sent to is refused`(location: String) async throws {
        let s3 = try await TestS3()
        let reply = await s3.send(.PUT, "/photos/a", "x", headers: [Self.header: location])

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidRedirectLocation")
        #expect(await s3.send(.HEAD, "/photos/a").status == 404)
    }
}
