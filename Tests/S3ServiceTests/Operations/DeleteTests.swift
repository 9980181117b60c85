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
        _ = await s3.send(.PUT, "/photos/a", "x")
        #expect(await s3.send(.DELETE, "/photos/a", headers: ["If-Match": "*"]).status == 204)
    }

    // Measured against S3: https://github.com/localstack/localstack/issues/13894
    @Test func `If-Match is of what is current, and not of a version that is named`() async throws {
        let s3 = try await TestS3()
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        let put = await s3.send(.PUT, "/photos/a", "x")
        let etag = try #require(put.header("ETag"))
        let version = try #require(put.header("x-amz-version-id"))

        let named = await s3.send(
            .DELETE,
            "/photos/a?versionId=\(version)",
            headers: ["If-Match": etag]
        )
        #expect((named.status, named.errorCode) == (501, "NotImplemented"))
        #expect(named["Header"] == "If-Match")
        #expect(await s3.send(.DELETE, "/photos/a", headers: ["If-Match": etag]).status == 204)
        for tag in [etag, "*"] {
            let reply = await s3.send(.DELETE, "/photos/a", headers: ["If-Match": tag])
            #expect((reply.status, reply.errorCode) == (404, "NoSuchKey"))
        }
        #expect(await s3.send(.GET, "/photos/a?versionId=\(version)").text == "x")
        #expect(await s3.send(.GET, "/photos?versions").all("DeleteMarker").count == 1)
    }

    @Test func `a condition on an entity tag needs the right to read it`() async throws {
        let s3 = try await TestS3()
        let etag = try #require(await s3.send(.PUT, "/photos/a", "x").header("ETag"))
        let user = try await s3.user(
            "deleter",
            document: """
                {"Version": "2012-10-17", "Statement":
                  {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "*"}}
                """
        )
        let tag: HTTPHeaders = ["If-Match": etag]
        #expect(await s3.send(.DELETE, "/photos/a", headers: tag, as: user).status == 403)
        #expect(await s3.send(.HEAD, "/photos/a").status == 200)
        let any: HTTPHeaders = ["If-Match": "*"]
        #expect(await s3.send(.DELETE, "/photos/a", headers: any, as: user).status == 204)
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

    // A condition on time or size is for directory buckets alone; one on a version is for none.
    @Test func `each key has its own condition, and those that S3 has not are refused`()
        async throws
    {
        let s3 = try await TestS3()
        let etag = try #require(await s3.send(.PUT, "/photos/a", "x").header("ETag"))
        for key in ["b", "c", "d"] { _ = await s3.send(.PUT, "/photos/\(key)", "x") }

        let reply = await delete(
            s3,
            """
            <Delete><Object><Key>a</Key><ETag>\(etag)</ETag></Object>
            <Object><Key>b</Key><Size>1</Size></Object>
            <Object><Key>c</Key><LastModifiedTime>Tue, 14 Nov 2023 22:13:20 GMT</LastModifiedTime></Object>
            <Object><Key>d</Key><VersionId>null</VersionId><ETag>\(etag)</ETag></Object>
            <Object><Key>e</Key><ETag>*</ETag></Object></Delete>
            """
        )

        #expect(reply.all("Deleted") == ["<Key>a</Key>"])
        let refused = Array(repeating: "NotImplemented", count: 3)
        #expect(reply.all("Code") == refused + ["NoSuchKey"])
        #expect(await s3.send(.GET, "/photos?list-type=2").all("Key") == ["b", "c", "d"])
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
