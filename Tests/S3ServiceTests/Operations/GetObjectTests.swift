import NIOHTTP1
import S3Protocol
import Testing

@Suite struct GetObjectTests {
    private func stocked(_ body: String = "0123456789") async throws -> (TestS3, etag: String) {
        let s3 = try await TestS3()
        let etag = await s3.send(.PUT, "/photos/a", body).header("ETag")
        return (s3, try #require(etag))
    }

    @Test func `answers content, length, tag and time`() async throws {
        let (s3, etag) = try await stocked()

        let reply = await s3.send(.GET, "/photos/a")

        #expect(reply.status == 200)
        #expect(reply.text == "0123456789")
        #expect(reply.header("Content-Length") == "10")
        #expect(reply.header("ETag") == etag)
        #expect(reply.header("Last-Modified") == "Tue, 14 Nov 2023 22:13:20 GMT")
        #expect(reply.header("Accept-Ranges") == "bytes")
        #expect(reply.header("x-amz-version-id") == nil)
        #expect(reply.header("x-amz-checksum-crc64nvme") == nil)
    }

    @Test func `HEAD answers the same headers and no body`() async throws {
        let (s3, _) = try await stocked()
        let names = ["Content-Length", "ETag", "Last-Modified", "Content-Type", "Accept-Ranges"]

        let get = await s3.send(.GET, "/photos/a")
        let head = await s3.send(.HEAD, "/photos/a")

        #expect(head.body.isEmpty)
        #expect(names.map(head.header) == names.map(get.header))
        let missing = await s3.send(.HEAD, "/photos/b")
        #expect(missing.status == 404)
        #expect(missing.body.isEmpty)
    }

    @Test(arguments: [
        ("bytes=0-3", "0123", "bytes 0-3/10"), ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"), ("bytes=0-99", "0123456789", "bytes 0-9/10"),
    ])
    func `a range is 206, also where it covers everything`(
        range: String,
        body: String,
        contentRange: String
    ) async throws {
        let (s3, _) = try await stocked()

        let reply = await s3.send(.GET, "/photos/a", headers: ["Range": range])

        #expect(reply.status == 206)
        #expect(reply.text == body)
        #expect(reply.header("Content-Range") == contentRange)
        #expect(reply.header("Content-Length") == String(body.utf8.count))
        let head = await s3.send(.HEAD, "/photos/a", headers: ["Range": range])
        #expect(head.status == 206)
        #expect(head.header("Content-Range") == contentRange)
    }

    @Test func `several ranges are answered with the whole object`() async throws {
        let (s3, _) = try await stocked()

        let reply = await s3.send(.GET, "/photos/a", headers: ["Range": "bytes=0-1,4-5"])

        #expect(reply.status == 200)
        #expect(reply.text == "0123456789")
    }

    @Test func `a range beyond the end is 416 and tells the size`() async throws {
        let (s3, _) = try await stocked()

        let reply = await s3.send(.GET, "/photos/a", headers: ["Range": "bytes=10-"])

        #expect(reply.status == 416)
        #expect(reply.errorCode == "InvalidRange")
        #expect(reply["ActualObjectSize"] == "10")
        #expect(reply.header("Content-Range") == "bytes */10")
    }

    @Test func `conditions hold in HTTP's order`() async throws {
        let (s3, etag) = try await stocked()
        let before = "Tue, 14 Nov 2023 22:13:19 GMT"
        let at = "Tue, 14 Nov 2023 22:13:20 GMT"
        let cases: [(HTTPHeaders, Int)] = [
            (["If-Match": etag], 200), (["If-Match": "x"], 412), (["If-Match": "*"], 200),
            (["If-None-Match": etag], 304), (["If-None-Match": "x"], 200),
            (["If-Modified-Since": before], 200), (["If-Modified-Since": at], 304),
            (["If-Unmodified-Since": before], 412), (["If-Unmodified-Since": at], 200),
            (["If-Match": etag, "If-Unmodified-Since": before], 200),
            (["If-None-Match": "x", "If-Modified-Since": at], 200),
            (["If-Modified-Since": "no date"], 200),
        ]
        for (headers, status) in cases {
            let reply = await s3.send(.GET, "/photos/a", headers: headers)
            #expect(reply.status == status, "\(headers)")
            #expect(reply.body.isEmpty == (status == 304), "\(headers)")
        }
        let notModified = await s3.send(.GET, "/photos/a", headers: ["If-None-Match": etag])
        #expect(notModified.header("ETag") == etag)
        #expect(notModified.header("Content-Length") == nil)
    }

    @Test func `If-Range lets a range count only for the object it names`() async throws {
        let (s3, etag) = try await stocked()

        let same = await s3.send(
            .GET,
            "/photos/a",
            headers: ["Range": "bytes=0-0", "If-Range": etag]
        )
        let other = await s3.send(
            .GET,
            "/photos/a",
            headers: ["Range": "bytes=0-0", "If-Range": "x"]
        )

        #expect(same.status == 206)
        #expect(other.status == 200)
    }

    @Test func `response-* parameters replace headers of the reply`() async throws {
        let (s3, _) = try await stocked()
        let query =
            "response-cache-control=no-store&response-content-disposition=attachment%3B%20filename%3Dx"
            + "&response-content-encoding=br&response-content-language=de&response-content-type=text%2Fx"
            + "&response-expires=never"

        let reply = await s3.send(.GET, "/photos/a?\(query)")

        #expect(reply.header("Cache-Control") == "no-store")
        #expect(reply.header("Content-Disposition") == "attachment; filename=x")
        #expect(reply.header("Content-Encoding") == "br")
        #expect(reply.header("Content-Language") == "de")
        #expect(reply.headers["Content-Type"] == ["text/x"])
        #expect(reply.header("Expires") == "never")
    }

    @Test(arguments: ["%0D%0AX-Evil:1", "a%00b", "%0A"])
    func `nothing that would break a header gets into one`(value: String) async throws {
        let (s3, _) = try await stocked()

        let reply = await s3.send(.GET, "/photos/a?response-content-type=\(value)")

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidArgument")
    }

    @Test func `the checksum is shown for a whole object to who asks`() async throws {
        let (s3, _) = try await stocked()
        let mode: HTTPHeaders = ["x-amz-checksum-mode": "ENABLED"]

        #expect(
            await s3.send(.GET, "/photos/a", headers: mode).header("x-amz-checksum-crc64nvme")
                != nil
        )
        #expect(
            await s3.send(.HEAD, "/photos/a", headers: mode).header("x-amz-checksum-type")
                == "FULL_OBJECT"
        )
        var ranged = mode
        ranged.add(name: "Range", value: "bytes=0-3")
        #expect(
            await s3.send(.GET, "/photos/a", headers: ranged).header("x-amz-checksum-crc64nvme")
                == nil
        )
    }

    @Test func `the version null is the object, and no other version exists`() async throws {
        let (s3, _) = try await stocked()
        let id = String(repeating: "v", count: 32)

        #expect(await s3.send(.GET, "/photos/a?versionId=null").text == "0123456789")
        #expect(await s3.send(.GET, "/photos/a?versionId=\(id)").errorCode == "NoSuchVersion")
        #expect(await s3.send(.GET, "/photos/a?versionId=x").errorCode == "InvalidArgument")
        #expect(await s3.send(.GET, "/photos/a?versionId=").errorCode == "InvalidArgument")
    }

    @Test func `an object that was put whole has the one part 1`() async throws {
        let (s3, _) = try await stocked()

        let part = await s3.send(.GET, "/photos/a?partNumber=1")
        #expect(part.status == 206)
        #expect(part.text == "0123456789")
        #expect(part.header("Content-Range") == "bytes 0-9/10")
        let none = await s3.send(.GET, "/photos/a?partNumber=2")
        #expect(none.status == 416)
        #expect(none.errorCode == "InvalidPartNumber")
        #expect(await s3.send(.GET, "/photos/a?partNumber=0").errorCode == "InvalidArgument")
        #expect(
            await s3.send(.GET, "/photos/a?partNumber=1", headers: ["Range": "bytes=0-1"]).errorCode
                == "InvalidRequest"
        )
    }

    @Test(arguments: [
        "a//b", "../x", ".", "..", "a/./b", "a%20b", "a+b", "%2525", "%E2%82%AC", "a%0Ab", "a%01",
        "a/", "%3F", "%26%3D", "a%2Fb", "_pail/health",
    ])
    func `keys are kept byte for byte`(path: String) async throws {
        let s3 = try await TestS3()
        let key = try #require(PercentCoding.decode(path))

        #expect(await s3.send(.PUT, "/photos/\(path)", path).status == 200)

        #expect(await s3.send(.GET, "/photos/\(path)").text == path)
        let list = await s3.send(.GET, "/photos?list-type=2&encoding-type=url")
        #expect(list.all("Key") == [PercentCoding.encode(key, keeping: .slashes)])
    }

    @Test func `large bodies come from files and are whole`() async throws {
        let s3 = try await TestS3()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        _ = await s3.send(.PUT, "/photos/big", bytes: bytes)

        #expect(await s3.send(.GET, "/photos/big").body == bytes)
        let range = await s3.send(.GET, "/photos/big", headers: ["Range": "bytes=99999-200000"])
        #expect(range.body == Array(bytes[99_999...200_000]))
    }
}
