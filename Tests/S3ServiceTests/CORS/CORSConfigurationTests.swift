import NIOCore
import S3Protocol
import Testing

@testable import S3Service

struct CORSConfigurationTests {
    private func read(_ rules: String...) throws(S3Error) -> CORSConfiguration {
        let text = rules.map { "<CORSRule>\($0)</CORSRule>" }.joined()
        return try CORSConfiguration(
            document: "<CORSConfiguration>\(text)</CORSConfiguration>".utf8
        )
    }

    private static let anyGet =
        "<AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"

    @Test func `all that a rule says is kept, in order`() throws {
        let text = """
            <ID>one</ID><AllowedHeader>x-amz-*</AllowedHeader><AllowedHeader>content-type</AllowedHeader>\
            <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>\
            <AllowedOrigin>https://*.example.com</AllowedOrigin><ExposeHeader>ETag</ExposeHeader>\
            <MaxAgeSeconds>3000</MaxAgeSeconds>
            """
        let configuration = try read(text, Self.anyGet)
        let written = String(buffer: XMLWriter.cors(configuration))
        #expect(written.contains("<CORSRule>\(text)</CORSRule><CORSRule>\(Self.anyGet)</CORSRule>"))
        #expect(try CORSConfiguration(document: written.utf8) == configuration)
    }

    @Test(arguments: [
        ("https://a.example.com", "GET", ["X-Amz-Date"], "https://*.example.com"),
        ("https://.example.com", "GET", [], "https://*.example.com"),
        ("https://example.com", "GET", [], nil),
        ("http://a.example.com", "GET", [], nil),
        ("https://a.example.com", "DELETE", [], nil),
        ("https://a.example.com", "GET", ["authorization"], nil),
        ("http://exact", "PUT", ["anything", "At-All"], "http://exact"),
        ("http://exact.not", "PUT", [], nil),
        ("null", "HEAD", [], "*"),
        ("null", "HEAD", ["content-type"], nil),
    ])
    func `the first rule that fits counts`(
        origin: String,
        method: String,
        headers: [String],
        expected: String?
    ) throws {
        let configuration = try read(
            """
            <AllowedHeader>x-amz-*</AllowedHeader><AllowedMethod>GET</AllowedMethod>\
            <AllowedOrigin>https://*.example.com</AllowedOrigin>
            """,
            """
            <AllowedHeader>*</AllowedHeader><AllowedMethod>PUT</AllowedMethod>\
            <AllowedOrigin>http://other</AllowedOrigin><AllowedOrigin>http://exact</AllowedOrigin>
            """,
            "<AllowedMethod>HEAD</AllowedMethod><AllowedOrigin>*</AllowedOrigin>"
        )
        #expect(configuration.rule(for: origin, method, headers: headers)?.pattern == expected)
    }

    @Test(arguments: [
        ("", "MalformedXML"),
        ("<AllowedMethod>GET</AllowedMethod>", "MalformedXML"),
        ("<AllowedOrigin>*</AllowedOrigin>", "MalformedXML"),
        (anyGet + "<MaxAgeSeconds>soon</MaxAgeSeconds>", "MalformedXML"),
        (anyGet + "<MaxAgeSeconds>-1</MaxAgeSeconds>", "MalformedXML"),
        (anyGet + "<ID>\(String(repeating: "i", count: 256))</ID>", "MalformedXML"),
        (anyGet + "<AllowedMethod>PATCH</AllowedMethod>", "InvalidRequest"),
        (anyGet + "<AllowedOrigin>http://*.*</AllowedOrigin>", "InvalidRequest"),
        (anyGet + "<AllowedHeader>*-*</AllowedHeader>", "InvalidRequest"),
        (anyGet + "<ExposeHeader>x-*</ExposeHeader>", "InvalidRequest"),
        (anyGet + "<ExposeHeader>a&#13;&#10;Set-Cookie: b</ExposeHeader>", "InvalidRequest"),
    ])
    func `what a rule may not say is refused`(rule: String, code: String) throws {
        let error = #expect(throws: S3Error.self) { try read(rule) }
        #expect(error?.code.name == code)
    }

    @Test func `there may be a hundred rules and no more`() throws {
        func rules(_ count: Int) throws(S3Error) -> CORSConfiguration {
            let rule = "<CORSRule>\(Self.anyGet)</CORSRule>"
            return try CORSConfiguration(
                document:
                    "<CORSConfiguration>\(String(repeating: rule, count: count))</CORSConfiguration>"
                    .utf8
            )
        }
        #expect(try rules(CORSConfiguration.ruleLimit).rules.count == 100)
        #expect(throws: S3Error.self) { try rules(CORSConfiguration.ruleLimit + 1) }
        #expect(throws: S3Error.self) { try rules(0) }
    }
}
