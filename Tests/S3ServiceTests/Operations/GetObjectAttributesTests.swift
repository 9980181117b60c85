import NIOHTTP1
import S3Protocol
import Testing

@Suite struct GetObjectAttributesTests {
    private static let all = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize"

    private func attributes(
        _ s3: TestS3,
        _ names: String,
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        var headers = headers
        headers.add(name: "x-amz-object-attributes", value: names)
        return await s3.send(.GET, "/photos/k?attributes", headers: headers)
    }

    @Test func `tells of an object what is asked for, the tag without quotes`() async throws {
        let s3 = try await TestS3()
        let put = await s3.send(.PUT, "/photos/k", "123456789")

        let reply = await attributes(s3, Self.all)

        #expect(reply.status == 200)
        #expect(reply.text.contains("<GetObjectAttributesResponse xmlns="))
        #expect(reply["ETag"].map { "\"\($0)\"" } == put.header("ETag"))
        // The check value of CRC-64/NVME, of "123456789".
        #expect(reply["ChecksumCRC64NVME"] == "rosUhgp5mIg=")
        #expect(reply["ChecksumType"] == "FULL_OBJECT")
        #expect(reply["StorageClass"] == "STANDARD")
        #expect(reply["ObjectSize"] == "9")
        #expect(reply["ObjectParts"] == nil)
        #expect(reply.header("Last-Modified") != nil)

        let size = await attributes(s3, "ObjectSize")
        #expect(size["ObjectSize"] == "9")
        #expect(size["ETag"] == nil)
    }

    @Test func `tells of the parts, page by page`() async throws {
        let s3 = try await TestS3()
        let begun = await s3.send(
            .POST,
            "/photos/k?uploads",
            headers: ["x-amz-checksum-algorithm": "CRC32"]
        )
        let id = try #require(begun["UploadId"])
        let sizes = [Int(Limits.smallestPartBytes), Int(Limits.smallestPartBytes), 3]
        var parts = ""
        for (number, size) in zip(1..., sizes) {
            let reply = await s3.send(
                .PUT,
                "/photos/k?partNumber=\(number)&uploadId=\(id)",
                bytes: [UInt8](repeating: 0x61, count: size)
            )
            let etag = try #require(reply.header("ETag"))
            let checksum = try #require(reply.header("x-amz-checksum-crc32"))
            parts += "<Part><PartNumber>\(number)</PartNumber><ETag>\(etag)</ETag>"
            parts += "<ChecksumCRC32>\(checksum)</ChecksumCRC32></Part>"
        }
        let done = await s3.send(
            .POST,
            "/photos/k?uploadId=\(id)",
            "<CompleteMultipartUpload>\(parts)</CompleteMultipartUpload>"
        )
        #expect(done.status == 200)

        let reply = await attributes(s3, Self.all)
        #expect(reply["PartsCount"] == "3")
        #expect(reply.all("PartNumber") == ["1", "2", "3"])
        #expect(reply.all("Size") == sizes.map(String.init))
        #expect(reply.all("ChecksumCRC32").count == 4)
        #expect(reply["IsTruncated"] == "false")

        let page = await attributes(
            s3,
            "ObjectParts",
            headers: ["x-amz-max-parts": "1", "x-amz-part-number-marker": "1"]
        )
        #expect(page.all("PartNumber") == ["2"])
        #expect(page["NextPartNumberMarker"] == "2")
        #expect(page["IsTruncated"] == "true")

        let part = await s3.send(
            .GET,
            "/photos/k?partNumber=3",
            headers: ["x-amz-checksum-mode": "ENABLED"]
        )
        #expect(part.header("x-amz-checksum-crc32") == reply.all("ChecksumCRC32").last)
        #expect(part.header("x-amz-checksum-type") == "COMPOSITE")
    }

    @Test func `refuses what it cannot tell`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "x")
        #expect(await attributes(s3, "Colour").errorCode == "InvalidArgument")
        #expect(await attributes(s3, "").errorCode == "InvalidRequest")
        let bad = await attributes(s3, "ETag", headers: ["x-amz-max-parts": "x"])
        #expect(bad.errorCode == "InvalidArgument")
        let none = await s3.send(
            .GET,
            "/photos/none?attributes",
            headers: ["x-amz-object-attributes": "ETag"]
        )
        #expect(none.errorCode == "NoSuchKey")
    }
}
