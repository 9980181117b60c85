import NIOHTTP1
import Testing

@testable import S3Service

@Suite struct WebsiteConfigurationTests {
    private static let rule =
        "<RoutingRule><Redirect><HostName>h</HostName></Redirect></RoutingRule>"

    @Test func `a configuration is put, told in the order of the schema, and removed`() async throws
    {
        let s3 = try await TestS3()
        #expect(await s3.send(.GET, "/photos?website").errorCode == "NoSuchWebsiteConfiguration")
        let content = """
            <RoutingRules>\(Self.rule)</RoutingRules>\
            <ErrorDocument><Key>e &amp; f</Key></ErrorDocument>\
            <IndexDocument><Suffix>i</Suffix></IndexDocument>
            """

        #expect(await s3.send(.PUT, "/photos?website", TestSite.document(content)).status == 200)
        let told = await s3.send(.GET, "/photos?website")
        #expect(
            told.text.hasSuffix(
                """
                <IndexDocument><Suffix>i</Suffix></IndexDocument>\
                <ErrorDocument><Key>e &amp; f</Key></ErrorDocument>\
                <RoutingRules>\(Self.rule)</RoutingRules></WebsiteConfiguration>
                """
            )
        )
        #expect(told.header("x-pail-stored-only") == nil)
        #expect(await s3.send(.DELETE, "/photos?website").status == 204)
        #expect(await s3.send(.DELETE, "/photos?website").status == 204)
        #expect(await s3.send(.GET, "/photos?website").errorCode == "NoSuchWebsiteConfiguration")
    }

    @Test(arguments: [
        ("", "InvalidArgument"),
        ("<Unknown/>", "MalformedXML"),
        ("<IndexDocument><Suffix>a/b</Suffix></IndexDocument>", "InvalidArgument"),
        ("<IndexDocument><Suffix></Suffix></IndexDocument>", "InvalidArgument"),
        ("<IndexDocument/>", "MalformedXML"),
        ("<ErrorDocument><Key>e</Key></ErrorDocument>", "InvalidArgument"),
        (
            "<RedirectAllRequestsTo><HostName>h</HostName></RedirectAllRequestsTo>"
                + TestSite.plain,
            "InvalidRequest"
        ),
        (
            """
            <RedirectAllRequestsTo><HostName>h</HostName><Protocol>ftp</Protocol>\
            </RedirectAllRequestsTo>
            """, "InvalidRequest"
        ),
        (
            TestSite.rules(String(repeating: Self.rule, count: 51)), "InvalidRequest"
        ),
        (TestSite.rules("<RoutingRule><Redirect/></RoutingRule>"), "MalformedXML"),
        (TestSite.rules("<RoutingRule/>"), "MalformedXML"),
        (
            TestSite.rules(
                "<RoutingRule><Condition/><Redirect><HostName>h</HostName></Redirect></RoutingRule>"
            ), "InvalidRequest"
        ),
        (
            TestSite.rules(
                """
                <RoutingRule><Redirect><ReplaceKeyWith>a</ReplaceKeyWith>\
                <ReplaceKeyPrefixWith>b</ReplaceKeyPrefixWith></Redirect></RoutingRule>
                """
            ), "InvalidRequest"
        ),
        (
            TestSite.rules(
                """
                <RoutingRule><Redirect><HttpRedirectCode>300</HttpRedirectCode></Redirect>\
                </RoutingRule>
                """
            ), "InvalidArgument"
        ),
        (
            TestSite.rules(
                """
                <RoutingRule><Condition><HttpErrorCodeReturnedEquals>200\
                </HttpErrorCodeReturnedEquals></Condition><Redirect><HostName>h</HostName>\
                </Redirect></RoutingRule>
                """
            ), "InvalidArgument"
        ),
        (
            TestSite.rules(
                "<RoutingRule><Redirect><ReplaceKeyWith>a&#13;&#10;b: c</ReplaceKeyWith></Redirect></RoutingRule>"
            ), "MalformedXML"
        ),
    ])
    func `a document that S3 does not take is refused`(content: String, code: String) async throws {
        let s3 = try await TestS3()
        let reply = await s3.send(.PUT, "/photos?website", TestSite.document(content))

        #expect(reply.status == 400)
        #expect(reply.errorCode == code)
        #expect(await s3.send(.GET, "/photos?website").status == 404)
    }

    @Test func `who may read the bucket may not make it a website`() async throws {
        let s3 = try await TestS3()
        let reader = try await s3.user("ann", policy: "AmazonS3ReadOnlyAccess")
        let document = TestSite.document(TestSite.plain)

        #expect(await s3.send(.PUT, "/photos?website", document, as: reader).status == 403)
        #expect(await s3.send(.GET, "/photos?website", as: reader).status == 404)
    }
}
