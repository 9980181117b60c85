import Digests
import NIOHTTP1
import S3Protocol
import Testing

@Suite struct DeleteObjectTests {
    @Test func `deletes, and there being nothing is success`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")

        #expect(await s3.send(.DELETE, "/photos/a").status == 204)
        #expect(await s3.send(.DELETE, "/photos/a").status == 204)
        #expect(await s3.send(.GET, "/photos/a").errorCode == "NoSuchKey")
        #expect(await s3.send(.DELETE, "/nowhere/a").errorCode == "NoSuchBucket")
    }

    @Test func `If-Match deletes only the object it names`() async throws {
        let s3 = try await TestS3()
        let etag = try #require(await s3.send(.PUT, "/photos/a", "x").header("ETag"))

        #expect(await s3.send(.DELETE, "/photos/a", headers: ["If-Match": "x"]).status == 412)
        #expect(await s3.send(.GET, "/photos/a").text == "x")
        #expect(await s3.send(.DELETE, "/photos/a", headers: ["If-Match": etag]).status == 204)
        #expect(await s3.send(.DELETE, "/photos/a", headers: ["If-Match": "*"]).status == 404)
    }
}

@Suite struct DeleteObjectsTests {
    private func delete(_ s3: TestS3, _ document: String, digest: Bool = true) async -> Reply {
        let md5 = Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))
        return await s3.send(
            .POST,
            "/photos?delete",
            document,
            headers: digest ? ["content-md5": md5] : [:]
        )
    }

    @Test func `deletes many, and tells of each`() async throws {
        let s3 = try await TestS3()
        for key in ["a", "b", "c"] { _ = await s3.send(.PUT, "/photos/\(key)", "x") }

        let reply = await delete(
            s3,
            """
            <Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key></Object>
            <Object><Key>none</Key></Object><Object><Key>b</Key><ETag>"x"</ETag></Object>
            <Object><Key>c</Key><VersionId>\(String(repeating: "v", count: 31))</VersionId></Object></Delete>
            """
        )

        #expect(reply.status == 200)
        #expect(reply.all("Deleted") == ["<Key>a</Key>", "<Key>none</Key>"])
        #expect(reply.all("Code") == ["PreconditionFailed", "InvalidArgument"])
        #expect(await s3.send(.GET, "/photos?list-type=2").all("Key") == ["b", "c"])
    }

    @Test func `Quiet tells only of errors`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")

        let reply = await delete(
            s3,
            "<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>"
        )

        #expect(reply.all("Deleted").isEmpty)
        #expect(await s3.send(.HEAD, "/photos/a").status == 404)
    }

    @Test func `keys that plain XML cannot carry are deleted too`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/%01%20%3C", "x")

        _ = await delete(s3, "<Delete><Object><Key>&#1; &lt;</Key></Object></Delete>")

        #expect(await s3.send(.GET, "/photos?list-type=2").all("Key") == [])
    }

    @Test func `refuses no digest, a wrong digest, no keys, too many and what is no document`()
        async throws
    {
        let s3 = try await TestS3()
        let one = "<Delete><Object><Key>a</Key></Object></Delete>"
        let many = String(repeating: "<Object><Key>a</Key></Object>", count: Limits.deletedKeys + 1)

        #expect(await delete(s3, one, digest: false).errorCode == "InvalidRequest")
        #expect(
            await s3.send(
                .POST,
                "/photos?delete",
                one,
                headers: ["content-md5": "AAAAAAAAAAAAAAAAAAAAAA=="]
            )
            .errorCode == "BadDigest"
        )
        #expect(await delete(s3, "<Delete></Delete>").errorCode == "MalformedXML")
        #expect(await delete(s3, "<Delete>\(many)</Delete>").errorCode == "MalformedXML")
        #expect(await delete(s3, "nonsense").errorCode == "MalformedXML")
        #expect(await delete(s3, "").errorCode == "MissingRequestBodyError")
    }

    @Test func `a checksum is as good as an MD5`() async throws {
        let s3 = try await TestS3()
        let document = "<Delete><Object><Key>a</Key></Object></Delete>"
        var crc = CRC32()
        crc.update(Array(document.utf8))

        let reply = await s3.send(
            .POST,
            "/photos?delete",
            document,
            headers: ["x-amz-checksum-crc32": Base64.encode(crc.bytes)]
        )

        #expect(reply.status == 200)
    }
}
