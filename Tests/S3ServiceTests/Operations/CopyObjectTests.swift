import Digests
import NIOHTTP1
import S3Protocol
import Testing

@Suite struct CopyObjectTests {
    private func stocked() async throws -> TestS3 {
        let s3 = try await TestS3(buckets: ["photos", "copies"])
        _ = await s3.send(
            .PUT,
            "/photos/a%20b+c",
            "meow",
            headers: ["Content-Type": "image/x", "x-amz-meta-who": "Tom"]
        )
        return s3
    }

    @Test(arguments: [
        "photos/a%20b%2Bc", "/photos/a%20b%2Bc", "photos/a+b%2Bc",
        "photos/a%20b%2Bc?versionId=null",
    ])
    func `copies content and metadata, however the source is spelled`(source: String) async throws {
        let s3 = try await stocked()

        let reply = await s3.send(.PUT, "/copies/x", headers: ["x-amz-copy-source": source])

        #expect(reply.status == 200)
        #expect(reply["ETag"] == "&quot;4a4be40c96ac6314e91d93f38043a634&quot;")
        #expect(reply["LastModified"] == "2023-11-14T22:13:20.000Z")
        let copy = await s3.send(.GET, "/copies/x")
        #expect(copy.text == "meow")
        #expect(copy.header("Content-Type") == "image/x")
        #expect(copy.header("x-amz-meta-who") == "Tom")
    }

    @Test func `REPLACE takes the metadata of the request`() async throws {
        let s3 = try await stocked()

        _ = await s3.send(
            .PUT,
            "/copies/x",
            headers: [
                "x-amz-copy-source": "photos/a%20b%2Bc", "x-amz-metadata-directive": "REPLACE",
                "Content-Type": "text/x", "x-amz-meta-new": "1",
            ]
        )

        let copy = await s3.send(.HEAD, "/copies/x")
        #expect(copy.header("Content-Type") == "text/x")
        #expect(copy.header("x-amz-meta-new") == "1")
        #expect(copy.header("x-amz-meta-who") == nil)
    }

    @Test func `a copy onto itself must change something`() async throws {
        let s3 = try await stocked()
        let source: HTTPHeaders = ["x-amz-copy-source": "photos/a%20b%2Bc"]

        let same = await s3.send(.PUT, "/photos/a%20b+c", headers: source)
        #expect(same.errorCode == "InvalidRequest")
        var changed = source
        changed.add(name: "x-amz-metadata-directive", value: "REPLACE")
        #expect(await s3.send(.PUT, "/photos/a%20b+c", headers: changed).status == 200)
        #expect(await s3.send(.GET, "/photos/a%20b+c").text == "meow")
    }

    @Test func `a copy outlives its source`() async throws {
        let s3 = try await stocked()
        let bytes = [UInt8](repeating: 7, count: 100_000)
        _ = await s3.send(.PUT, "/photos/big", bytes: bytes)
        _ = await s3.send(.PUT, "/copies/big", headers: ["x-amz-copy-source": "photos/big"])

        _ = await s3.send(.DELETE, "/photos/big")

        #expect(await s3.send(.GET, "/copies/big").body == bytes)
    }

    @Test func `conditions on the source are 412, also those that a read answers with 304`()
        async throws
    {
        let s3 = try await stocked()
        let etag = "4a4be40c96ac6314e91d93f38043a634"
        let cases = [
            ("if-match", etag, 200), ("if-match", "x", 412), ("if-none-match", etag, 412),
            ("if-none-match", "x", 200),
            ("if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT", 412),
            ("if-unmodified-since", "Tue, 14 Nov 2023 22:13:19 GMT", 412),
        ]
        for (name, value, status) in cases {
            let reply = await s3.send(
                .PUT,
                "/copies/x",
                headers: [
                    "x-amz-copy-source": "photos/a%20b%2Bc", "x-amz-copy-source-\(name)": value,
                ]
            )
            #expect(reply.status == status, "\(name): \(value)")
        }
    }

    @Test(arguments: [
        ("", "MethodNotAllowed"), ("photos", "InvalidArgument"), ("/", "InvalidArgument"),
        ("photos/none", "NoSuchKey"), ("none/a", "NoSuchBucket"), ("photos/%zz", "InvalidArgument"),
    ])
    func `a source that is none is named`(source: String, code: String) async throws {
        let s3 = try await stocked()
        guard !source.isEmpty else { return }

        let reply = await s3.send(.PUT, "/copies/x", headers: ["x-amz-copy-source": source])

        #expect(reply.errorCode == code)
    }

    @Test func `the copy of an object of parts has the MD5 of its bytes as its tag`() async throws {
        let s3 = try await stocked()
        let id = try #require(await s3.send(.POST, "/photos/big?uploads")["UploadId"])
        let etag = try #require(
            await s3.send(.PUT, "/photos/big?partNumber=1&uploadId=\(id)", "meow").header("ETag")
        )
        _ = await s3.send(
            .POST,
            "/photos/big?uploadId=\(id)",
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part></CompleteMultipartUpload>"
        )

        let copy = await s3.send(.PUT, "/copies/x", headers: ["x-amz-copy-source": "photos/big"])

        #expect(copy["ETag"] == "&quot;4a4be40c96ac6314e91d93f38043a634&quot;")
        #expect(await s3.send(.GET, "/copies/x").text == "meow")
    }

    @Test(arguments: ChecksumAlgorithm.allCases)
    func `a copy has the checksum that is asked for, whatever its source has`(
        algorithm: ChecksumAlgorithm
    ) async throws {
        let s3 = try await stocked()
        let direct = await s3.send(
            .PUT,
            "/photos/y",
            "meow",
            headers: [
                "x-amz-sdk-checksum-algorithm": algorithm.rawValue,
                algorithm.headerName: PutObjectTests.checksum(algorithm, of: "meow"),
            ]
        )
        for source in ["photos/a%20b%2Bc", "photos/y"] {
            let reply = await s3.send(
                .PUT,
                "/copies/x",
                headers: [
                    "x-amz-copy-source": source, "x-amz-checksum-algorithm": algorithm.rawValue,
                ]
            )
            #expect(reply[algorithm.elementName] == direct.header(algorithm.headerName))
            #expect(reply["ChecksumType"] == "FULL_OBJECT")
        }
    }

    @Test func `an algorithm that is asked for is computed`() async throws {
        let s3 = try await stocked()

        let reply = await s3.send(
            .PUT,
            "/copies/x",
            headers: [
                "x-amz-copy-source": "photos/a%20b%2Bc", "x-amz-checksum-algorithm": "SHA256",
            ]
        )

        let sha256 = Base64.encode(HashFunction.hash(.sha256, Array("meow".utf8)))
        #expect(reply["ChecksumSHA256"] == sha256)
        let head = await s3.send(.HEAD, "/copies/x", headers: ["x-amz-checksum-mode": "ENABLED"])
        #expect(head.header("x-amz-checksum-sha256") == sha256)
    }
}
