import HTTPMessage
import NIOHTTP1
import S3Service
import Testing

struct CrossOriginTests {
    private static let rules = """
        <CORSConfiguration><CORSRule><AllowedHeader>content-*</AllowedHeader>\
        <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>\
        <AllowedOrigin>http://*.example</AllowedOrigin><ExposeHeader>ETag</ExposeHeader>\
        <ExposeHeader>x-amz-version-id</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>\
        <CORSRule><AllowedMethod>HEAD</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>\
        </CORSConfiguration>
        """

    private func preflight(
        _ s3: TestS3,
        _ headers: HTTPHeaders,
        at target: String = "/photos/a"
    ) async -> Reply {
        var headers = headers
        headers.add(name: "host", value: "127.0.0.1:9000")
        return await s3.raw(HTTPRequest(method: .OPTIONS, target: target, headers: headers))
    }

    private func opened() async throws -> TestS3 {
        let s3 = try await TestS3()
        #expect(await s3.send(.PUT, "/photos?cors", Self.rules).status == 200)
        return s3
    }

    @Test func `rules are put, told and removed`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.GET, "/photos?cors").errorCode == "NoSuchCORSConfiguration")
        #expect(await s3.send(.PUT, "/photos?cors", "").errorCode == "MissingRequestBodyError")
        #expect(await s3.send(.PUT, "/photos?cors", Self.rules).status == 200)
        let told = await s3.send(.GET, "/photos?cors")
        #expect(told.all("AllowedMethod") == ["GET", "PUT", "HEAD"])
        #expect(told["MaxAgeSeconds"] == "600")
        #expect(await s3.send(.DELETE, "/photos?cors").status == 204)
        #expect(await s3.send(.GET, "/photos?cors").errorCode == "NoSuchCORSConfiguration")
        #expect(await s3.send(.GET, "/photos").status == 200)
    }

    @Test func `a preflight is answered without a signature, by the first rule that fits`()
        async throws
    {
        let s3 = try await opened()
        let reply = await preflight(
            s3,
            [
                "origin": "http://shop.example", "access-control-request-method": "PUT",
                "access-control-request-headers": "Content-Type,content-md5",
            ]
        )
        #expect(reply.status == 200)
        #expect(reply.body.isEmpty)
        #expect(reply.header("access-control-allow-origin") == "http://shop.example")
        #expect(reply.header("access-control-allow-methods") == "GET, PUT")
        #expect(reply.header("access-control-allow-headers") == "content-type, content-md5")
        #expect(reply.header("access-control-expose-headers") == "ETag, x-amz-version-id")
        #expect(reply.header("access-control-max-age") == "600")
        #expect(reply.header("access-control-allow-credentials") == "true")
        #expect(reply.header("vary")?.hasPrefix("Origin") == true)
    }

    @Test func `a rule for everybody names nobody`() async throws {
        let s3 = try await opened()
        let reply = await preflight(
            s3,
            ["origin": "http://else.where", "access-control-request-method": "HEAD"]
        )
        #expect(reply.header("access-control-allow-origin") == "*")
        #expect(reply.header("access-control-allow-credentials") == nil)
    }

    @Test(
        arguments: [
            (["access-control-request-method": "GET"], "BadRequest"),
            (["origin": "http://a.example"], "BadRequest"),
            (
                ["origin": "http://a.example", "access-control-request-method": "TRACE"],
                "BadRequest"
            ),
            (
                ["origin": "http://a.example", "access-control-request-method": "POST"],
                "AccessForbidden"
            ),
            (
                ["origin": "http://b.other", "access-control-request-method": "GET"],
                "AccessForbidden"
            ),
            (
                [
                    "origin": "http://a.example", "access-control-request-method": "GET",
                    "access-control-request-headers": "authorization",
                ], "AccessForbidden"
            ),
        ] as [(HTTPHeaders, String)]
    )
    func `a preflight that no rule fits is refused`(headers: HTTPHeaders, code: String) async throws
    {
        let s3 = try await opened()
        let reply = await preflight(s3, headers)
        #expect(reply.errorCode == code)
        #expect(reply.header("access-control-allow-origin") == nil)
    }

    @Test func `a bucket without rules, or none at all, allows nothing`() async throws {
        let s3 = try await TestS3()
        let ask: HTTPHeaders = [
            "origin": "http://a.example", "access-control-request-method": "GET",
        ]
        let closed = await preflight(s3, ask)
        #expect(closed.status == 403)
        #expect(closed["Message"] == "CORSResponse: CORS is not enabled for this bucket.")
        #expect(closed["ResourceType"] == "OBJECT")
        let missing = await preflight(s3, ask, at: "/nowhere")
        #expect(missing["Message"] == "CORSResponse: Bucket not found")
        #expect(missing["ResourceType"] == "BUCKET")
    }

    @Test func `replies and errors carry the headers, so that a page can read both`() async throws {
        let s3 = try await opened()
        let put = await s3.send(.PUT, "/photos/a", "x", headers: ["origin": "http://a.example"])
        #expect(put.header("access-control-allow-origin") == "http://a.example")
        let missing = await s3.send(.GET, "/photos/b", headers: ["origin": "http://a.example"])
        #expect(missing.status == 404)
        #expect(missing.header("access-control-expose-headers") == "ETag, x-amz-version-id")
        let unsigned = await s3.raw(
            HTTPRequest(
                method: .GET,
                target: "/photos/a",
                headers: ["host": "127.0.0.1:9000", "origin": "http://a.example"]
            )
        )
        #expect(unsigned.status == 403)
        #expect(unsigned.header("access-control-allow-origin") == "http://a.example")
        let named: HTTPHeaders = [
            "origin": "http://a.example", "access-control-request-method": "DELETE",
        ]
        let another = await s3.send(.GET, "/photos/a", headers: named)
        #expect(another.header("access-control-allow-origin") == nil)
        let other = await s3.send(.GET, "/photos/a", headers: ["origin": "http://b.other"])
        #expect(other.status == 200)
        #expect(other.header("access-control-allow-origin") == nil)
        #expect(await s3.send(.GET, "/photos/a").header("vary") == nil)
    }
}
