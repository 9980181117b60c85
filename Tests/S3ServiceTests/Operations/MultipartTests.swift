import Digests
import NIOHTTP1
import S3Protocol
import Testing

@Suite struct MultipartTests {
    private static let part = [UInt8](repeating: 0x61, count: Int(Limits.smallestPartBytes))

    private func begin(
        _ s3: TestS3,
        _ key: String = "big",
        headers: HTTPHeaders = [:]
    ) async throws -> String {
        let reply = await s3.send(.POST, "/photos/\(key)?uploads", headers: headers)
        #expect(reply.status == 200)
        return try #require(reply["UploadId"])
    }

    private func put(
        _ s3: TestS3,
        _ id: String,
        _ number: Int,
        _ bytes: [UInt8]
    ) async throws -> String {
        let reply = await s3.send(
            .PUT,
            "/photos/big?partNumber=\(number)&uploadId=\(id)",
            bytes: bytes
        )
        return try #require(reply.header("ETag"))
    }

    private func complete(
        _ s3: TestS3,
        _ id: String,
        _ parts: [(Int, String)],
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        let list = parts.map {
            "<Part><PartNumber>\($0.0)</PartNumber><ETag>\($0.1)</ETag></Part>"
        }.joined()
        return await s3.send(
            .POST,
            "/photos/big?uploadId=\(id)",
            "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>",
            headers: headers
        )
    }

    @Test func `parts become an object whose tag is the MD5 of MD5s`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3, headers: ["Content-Type": "video/mp4", "x-amz-meta-a": "b"])
        let first = try await put(s3, id, 1, Self.part)
        let last = try await put(s3, id, 7, Array("end".utf8))
        #expect(await s3.send(.GET, "/photos/big").errorCode == "NoSuchKey")

        let reply = await complete(s3, id, [(1, first), (7, last)])

        let md5s = [Self.part, Array("end".utf8)].flatMap { HashFunction.hash(.md5, $0) }
        let etag = Hex.encode(HashFunction.hash(.md5, md5s)) + "-2"
        #expect(reply.status == 200)
        #expect(reply["ETag"] == "&quot;\(etag)&quot;")
        #expect(reply["Location"] == "http://127.0.0.1:9000/photos/big")
        #expect(reply["Bucket"] == "photos")
        #expect(reply["Key"] == "big")
        let object = await s3.send(.GET, "/photos/big")
        #expect(object.body == Self.part + Array("end".utf8))
        #expect(object.header("ETag") == "\"\(etag)\"")
        #expect(object.header("Content-Type") == "video/mp4")
        #expect(object.header("x-amz-meta-a") == "b")
        let part = await s3.send(.GET, "/photos/big?partNumber=7")
        #expect(part.text == "end")
        #expect(part.header("x-amz-mp-parts-count") == "2")
        let across = await s3.send(.GET, "/photos/big", headers: ["Range": "bytes=5242878-5242881"])
        #expect(across.text == "aaen")
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    @Test(arguments: ChecksumAlgorithm.allCases, ["COMPOSITE", "FULL_OBJECT"])
    func `a checksum is of the parts' or of all bytes, as its algorithm allows`(
        algorithm: ChecksumAlgorithm,
        type: String
    ) async throws {
        let s3 = try await TestS3()
        let begun = await s3.send(
            .POST,
            "/photos/big?uploads",
            headers: ["x-amz-checksum-algorithm": algorithm.rawValue, "x-amz-checksum-type": type]
        )
        guard algorithm.types.map(\.rawValue).contains(type) else {
            #expect(begun.errorCode == "InvalidRequest")
            return
        }
        let id = try #require(begun["UploadId"])
        let put = await s3.send(.PUT, "/photos/big?partNumber=1&uploadId=\(id)", "meow")
        let etag = try #require(put.header("ETag"))
        let value = try #require(put.header(algorithm.headerName))
        #expect(value == PutObjectTests.checksum(algorithm, of: "meow"))
        let listed = await s3.send(.GET, "/photos/big?uploadId=\(id)")
        #expect(listed[algorithm.elementName] == value)
        #expect(listed["ChecksumType"] == type)
        let element = "<\(algorithm.elementName)>\(value)</\(algorithm.elementName)>"
        let list = "<Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag>\(element)</Part>"
        let document = "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
        let target = "/photos/big?uploadId=\(id)"
        for (name, value) in [("x-amz-checksum-type", "x"), ("x-amz-mp-object-size", "5")] {
            let refused = await s3.send(.POST, target, document, headers: [name: value])
            #expect(refused.errorCode == "InvalidRequest")
        }
        let done = await s3.send(.POST, target, document)
        #expect(done["ChecksumType"] == type)
        #expect(done[algorithm.elementName]?.hasSuffix("-1") == (type == "COMPOSITE"))
        if type == "FULL_OBJECT" { #expect(done[algorithm.elementName] == value) }
        let entry = await s3.send(.GET, "/photos?list-type=2")
        #expect(entry["ChecksumAlgorithm"] == algorithm.rawValue)
        #expect(entry["ChecksumType"] == type)
    }

    @Test func `a part's checksum that was never its own is no part`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3, headers: ["x-amz-checksum-algorithm": "CRC64NVME"])
        let etag = try await put(s3, id, 1, Array("meow".utf8))
        let sha1 = "<ChecksumSHA1>AAAAAAAAAAAAAAAAAAAAAAAAAAA=</ChecksumSHA1>"
        let crc64 = "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>"
        for (checksums, code) in [
            (sha1, "BadDigest"), (crc64, "InvalidPart"), (sha1 + crc64, "InvalidArgument"),
            ("<ChecksumCRC64NVME>?</ChecksumCRC64NVME>", "InvalidArgument"),
        ] {
            let list = "<Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag>\(checksums)</Part>"
            let reply = await s3.send(
                .POST,
                "/photos/big?uploadId=\(id)",
                "<CompleteMultipartUpload>\(list)</CompleteMultipartUpload>"
            )
            #expect(reply.errorCode == code)
        }
        let two: HTTPHeaders = [
            "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc64nvme": "AAAAAAAAAAA=",
        ]
        #expect(await complete(s3, id, [(1, etag)], headers: two).errorCode == "InvalidRequest")
        let wrong: HTTPHeaders = ["x-amz-checksum-crc64nvme": "AAAAAAAAAAA="]
        #expect(await complete(s3, id, [(1, etag)], headers: wrong).errorCode == "BadDigest")
        #expect(await complete(s3, id, [(1, etag)]).status == 200)
    }

    @Test(arguments: ["FULL_OBJECT", "COMPOSITE"])
    func `an upload that was begun without an algorithm has no type of checksum`(
        type: String
    ) async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        let etag = try await put(s3, id, 1, Array("x".utf8))

        let reply = await complete(s3, id, [(1, etag)], headers: ["x-amz-checksum-type": type])

        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidRequest")
        #expect(
            reply["Message"]
                == "The upload was created using the null checksum mode. The complete request "
                + "must use the same checksum mode."
        )
        #expect(await complete(s3, id, [(1, etag)]).status == 200)
    }

    @Test func `completing twice is completing once`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        let etag = try await put(s3, id, 1, Array("x".utf8))

        let first = await complete(s3, id, [(1, etag)])
        let second = await complete(s3, id, [(1, etag)])

        #expect(second.status == 200)
        #expect(second["ETag"] == first["ETag"])
    }

    @Test func `a list of parts that is wrong changes nothing`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        let small = try await put(s3, id, 1, Array("small".utf8))
        let last = try await put(s3, id, 2, Array("end".utf8))
        let cases: [([(Int, String)], String)] = [
            ([], "MalformedXML"), ([(2, last), (1, small)], "InvalidPartOrder"),
            ([(1, small), (1, small)], "InvalidPartOrder"), ([(1, last)], "InvalidPart"),
            ([(3, last)], "InvalidPart"), ([(1, small), (2, last)], "EntityTooSmall"),
            ([(0, small)], "InvalidArgument"), ([(10_001, small)], "InvalidArgument"),
        ]
        for (parts, code) in cases {
            let reply = await complete(s3, id, parts)
            #expect(reply.errorCode == code, "\(parts)")
            #expect(reply.status == 400, "\(parts)")
        }
        #expect(await s3.send(.GET, "/photos/big").status == 404)
        #expect(await complete(s3, id, [(2, last)]).status == 200)
    }

    @Test func `a part of the same number takes the place of the one before`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        _ = try await put(s3, id, 1, Array("old".utf8))
        let etag = try await put(s3, id, 1, Array("new".utf8))

        #expect(await complete(s3, id, [(1, etag)]).status == 200)
        #expect(await s3.send(.GET, "/photos/big").text == "new")
    }

    @Test func `aborting ends the upload`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        let etag = try await put(s3, id, 1, Array("x".utf8))

        #expect(await s3.send(.DELETE, "/photos/big?uploadId=\(id)").status == 204)

        #expect(await s3.send(.DELETE, "/photos/big?uploadId=\(id)").errorCode == "NoSuchUpload")
        #expect(await complete(s3, id, [(1, etag)]).errorCode == "NoSuchUpload")
        #expect(await s3.send(.GET, "/photos/big?uploadId=\(id)").errorCode == "NoSuchUpload")
        let late = await s3.send(.PUT, "/photos/big?partNumber=1&uploadId=\(id)", "x")
        #expect(late.errorCode == "NoSuchUpload")
    }

    @Test func `an upload is known only under its own key`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)

        let reply = await s3.send(.PUT, "/photos/other?partNumber=1&uploadId=\(id)", "x")

        #expect(reply.status == 404)
        #expect(reply.errorCode == "NoSuchUpload")
    }

    @Test(arguments: ["0", "10001", "x", "", "-1"])
    func `part numbers are 1 to 10,000`(number: String) async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)

        let reply = await s3.send(.PUT, "/photos/big?partNumber=\(number)&uploadId=\(id)", "x")

        #expect(reply.errorCode == "InvalidArgument")
        #expect(reply["ArgumentName"] == "partNumber")
    }

    @Test func `parts are listed in pages`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3)
        for number in [1, 2, 9] { _ = try await put(s3, id, number, [UInt8(number)]) }

        let first = await s3.send(.GET, "/photos/big?uploadId=\(id)&max-parts=2")
        #expect(first.all("PartNumber") == ["1", "2"])
        #expect(first["IsTruncated"] == "true")
        #expect(first["NextPartNumberMarker"] == "2")
        #expect(first["StorageClass"] == "STANDARD")
        let second = await s3.send(.GET, "/photos/big?uploadId=\(id)&part-number-marker=2")
        #expect(second.all("PartNumber") == ["9"])
        #expect(second["IsTruncated"] == "false")
    }

    @Test func `uploads are listed by key and age, and rolled up`() async throws {
        let s3 = try await TestS3()
        for key in ["b", "a/1", "a/2", "c", "b"] {
            _ = try await begin(s3, key)
            s3.time.advance(bySeconds: 1)
        }

        let all = await s3.send(.GET, "/photos?uploads")
        #expect(all.all("Key") == ["a/1", "a/2", "b", "b", "c"])
        let rolled = await s3.send(.GET, "/photos?uploads&delimiter=/")
        #expect(rolled.all("Key") == ["b", "b", "c"])
        #expect(rolled.text.contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"))
        var seen: [String] = []
        var query = ""
        for _ in 0..<10 {
            let page = await s3.send(.GET, "/photos?uploads&max-uploads=2\(query)")
            seen += page.all("UploadId")
            guard page["IsTruncated"] == "true" else { break }
            query =
                "&key-marker=\(PercentCoding.encode(page["NextKeyMarker"] ?? ""))&upload-id-marker=\(page["NextUploadIdMarker"] ?? "")"
        }
        #expect(seen == all.all("UploadId"))
    }

    @Test func `a part may be copied, whole or in a range`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/source", "0123456789")
        let id = try await begin(s3)
        let target = "/photos/big?partNumber=1&uploadId=\(id)"

        let range = await s3.send(
            .PUT,
            target,
            headers: ["x-amz-copy-source": "photos/source", "x-amz-copy-source-range": "bytes=2-4"]
        )
        #expect(range.status == 200)
        for (range, code) in [
            ("bytes=5-10", "InvalidArgument"), ("bytes=5-", "InvalidArgument"),
            ("2-4", "InvalidArgument"),
        ] {
            let reply = await s3.send(
                .PUT,
                target,
                headers: ["x-amz-copy-source": "photos/source", "x-amz-copy-source-range": range]
            )
            #expect(reply.errorCode == code, "\(range)")
            #expect(reply.status == 400)
        }
        let etag = try #require(range["ETag"])
        #expect(await complete(s3, id, [(1, etag)]).status == 200)
        #expect(await s3.send(.GET, "/photos/big").text == "234")
    }

    @Test func `checksums of parts make one of the object`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(s3, headers: ["x-amz-checksum-algorithm": "CRC32"])
        var crc = CRC32()
        crc.update(Array("x".utf8))
        let value = Base64.encode(crc.bytes)

        let part = await s3.send(
            .PUT,
            "/photos/big?partNumber=1&uploadId=\(id)",
            "x",
            headers: ["x-amz-checksum-crc32": value]
        )
        #expect(part.header("x-amz-checksum-crc32") == value)
        let other = await s3.send(
            .PUT,
            "/photos/big?partNumber=1&uploadId=\(id)",
            "x",
            headers: [
                "x-amz-checksum-sha256": Base64.encode(HashFunction.hash(.sha256, Array("x".utf8)))
            ]
        )
        #expect(other.errorCode == "InvalidRequest")
        let etag = try #require(part.header("ETag"))
        let unproved = await complete(s3, id, [(1, etag)])
        #expect(unproved.errorCode == "InvalidRequest")
        let done = await s3.send(
            .POST,
            "/photos/big?uploadId=\(id)",
            """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag>
            <ChecksumCRC32>\(value)</ChecksumCRC32></Part></CompleteMultipartUpload>
            """
        )

        var composite = CRC32()
        composite.update(crc.bytes)
        #expect(done["ChecksumCRC32"] == Base64.encode(composite.bytes) + "-1")
        #expect(done["ChecksumType"] == "COMPOSITE")
    }

    @Test func `a whole object's checksum is compared before anything is visible`() async throws {
        let s3 = try await TestS3()
        let id = try await begin(
            s3,
            headers: ["x-amz-checksum-algorithm": "CRC32C", "x-amz-checksum-type": "FULL_OBJECT"]
        )
        let etags = [
            try await put(s3, id, 1, Self.part), try await put(s3, id, 2, Array("end".utf8)),
        ]
        var whole = CRC32C()
        whole.update(Self.part + Array("end".utf8))
        let parts = [(1, etags[0]), (2, etags[1])]

        let wrong = await complete(s3, id, parts, headers: ["x-amz-checksum-crc32c": "AAAAAA=="])
        #expect(wrong.errorCode == "BadDigest")
        #expect(await s3.send(.GET, "/photos/big").status == 404)
        let right = await complete(
            s3,
            id,
            parts,
            headers: ["x-amz-checksum-crc32c": Base64.encode(whole.bytes)]
        )
        #expect(right.status == 200)
        #expect(right["ChecksumType"] == "FULL_OBJECT")
        let head = await s3.send(.HEAD, "/photos/big", headers: ["x-amz-checksum-mode": "ENABLED"])
        #expect(head.header("x-amz-checksum-crc32c") == Base64.encode(whole.bytes))
    }

    @Test func `a condition that fails keeps the upload and the object`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/big", "old")
        let id = try await begin(s3)
        let etag = try await put(s3, id, 1, Array("new".utf8))

        let reply = await complete(s3, id, [(1, etag)], headers: ["If-None-Match": "*"])

        #expect(reply.status == 412)
        #expect(await s3.send(.GET, "/photos/big").text == "old")
        #expect(await complete(s3, id, [(1, etag)]).status == 200)
    }
}
