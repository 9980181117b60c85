import Digests
import HTTPMessage
import NIOHTTP1
import S3Protocol
import S3Service
import Signing
import Testing

@Suite struct PutObjectTests {
    @Test func `answers with the MD5 of the body as the ETag and with its CRC64NVME`() async throws
    {
        let s3 = try await TestS3()

        let reply = await s3.send(.PUT, "/photos/cat.jpg", "meow")

        #expect(reply.status == 200)
        #expect(reply.header("ETag") == #""4a4be40c96ac6314e91d93f38043a634""#)
        #expect(reply.header("x-amz-checksum-crc64nvme")?.count == 12)
        #expect(reply.header("x-amz-checksum-type") == "FULL_OBJECT")
        #expect(reply.header("x-amz-request-id")?.count == 16)
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "meow")
    }

    @Test(arguments: [
        ("", "InvalidDigest"), ("not base64", "InvalidDigest"),
        ("AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"),
    ])
    func `a Content-MD5 that is wrong keeps the object as it was`(
        digest: String,
        code: String
    ) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/cat.jpg", "meow")

        let reply = await s3.send(.PUT, "/photos/cat.jpg", "woof", headers: ["content-md5": digest])

        #expect(reply.status == 400)
        #expect(reply.errorCode == code)
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "meow")
    }

    @Test(arguments: [
        ["x-amz-object-lock-event-hold": "ON"], ["x-amz-object-annotation-directive": "COPY"],
    ])
    func `what S3 has and Pail has not is refused by name`(
        headers: [String: String]
    ) async throws {
        let s3 = try await TestS3()
        let headers = HTTPHeaders(headers.map { ($0.key, $0.value) })
        let reply = await s3.send(.PUT, "/photos/cat.jpg", "meow", headers: headers)
        #expect((reply.status, reply.errorCode) == (501, "NotImplemented"))
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test(arguments: ChecksumAlgorithm.allCases)
    func `a checksum that is right is stored and shown, one that is wrong is refused`(
        algorithm: ChecksumAlgorithm
    ) async throws {
        let s3 = try await TestS3()
        let right = Self.checksum(algorithm, of: "meow")
        let wrong = Self.checksum(algorithm, of: "woof")

        let refused = await s3.send(
            .PUT,
            "/photos/cat.jpg",
            "meow",
            headers: [algorithm.headerName: wrong]
        )
        #expect(refused.errorCode == "BadDigest")
        let message =
            "The \(algorithm.rawValue) you specified did not match the calculated checksum."
        #expect(refused["Message"] == message)
        let broken = await s3.send(
            .PUT,
            "/photos/cat.jpg",
            "meow",
            headers: [algorithm.headerName: "AA"]
        )
        #expect(broken.errorCode == "InvalidRequest")
        #expect(await s3.send(.GET, "/photos/cat.jpg").errorCode == "NoSuchKey")

        let stored = await s3.send(
            .PUT,
            "/photos/cat.jpg",
            "meow",
            headers: [algorithm.headerName: right]
        )
        #expect(stored.header(algorithm.headerName) == right)
        let shown = await s3.send(
            .HEAD,
            "/photos/cat.jpg",
            headers: ["x-amz-checksum-mode": "ENABLED"]
        )
        #expect(shown.header(algorithm.headerName) == right)
    }

    static func checksum(_ algorithm: ChecksumAlgorithm, of text: String) -> String {
        let bytes = Array(text.utf8)
        func crc<Code>(_ crc: CRC<Code>) -> [UInt8] {
            var crc = crc
            crc.update(bytes)
            return crc.bytes
        }
        let digest =
            switch algorithm {
            case .crc32: crc(CRC32())
            case .crc32c: crc(CRC32C())
            case .crc64nvme: crc(CRC64NVME())
            case .sha1: HashFunction.hash(.sha1, bytes)
            case .sha256: HashFunction.hash(.sha256, bytes)
            case .sha512: HashFunction.hash(.sha512, bytes)
            case .md5: HashFunction.hash(.md5, bytes)
            case .xxhash64: XXHash.hash(.xxh64, bytes)
            case .xxhash3: XXHash.hash(.xxh3, bytes)
            case .xxhash128: XXHash.hash(.xxh128, bytes)
            }
        return Base64.encode(digest)
    }

    @Test func `an unknown sub-resource never overwrites the object`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/cat.jpg", "meow")

        for query in ["encryption", "torrent", "restore", "uploads"] {
            let reply = await s3.send(.PUT, "/photos/cat.jpg?\(query)", "<Tagging/>")
            #expect(
                reply.status == (["torrent", "restore", "uploads"].contains(query) ? 405 : 501),
                "\(query)"
            )
        }
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "meow")
    }

    @Test(arguments: [
        ("x-amz-write-offset-bytes", "4"),
        ("x-amz-server-side-encryption", "aws:kms:dsse"),
        ("x-amz-server-side-encryption-of-tomorrow", "AES256"),
        ("x-amz-object-annotation-directive", "COPY"),
    ])
    func `a header that would change what the write means is refused`(
        name: String,
        value: String
    ) async throws {
        let s3 = try await TestS3()

        let reply = await s3.send(.PUT, "/photos/cat.jpg", "meow", headers: [name: value])

        #expect(reply.status == 501)
        #expect(reply.errorCode == "NotImplemented")
        #expect(await s3.send(.HEAD, "/photos/cat.jpg").status == 404)
    }

    @Test func `keeps system headers and metadata as they were given`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(
            .PUT,
            "/photos/cat.jpg",
            "meow",
            headers: [
                "Content-Type": "image/jpeg", "Cache-Control": "no-cache", "X-Amz-Meta-Who": "Tom ",
                "Content-Disposition": "inline", "Content-Encoding": "aws-chunked, gzip",
                "Content-Language": "en", "Expires": "whenever",
                "x-amz-storage-class": "STANDARD_IA",
            ]
        )

        let reply = await s3.send(.HEAD, "/photos/cat.jpg")

        #expect(reply.header("Content-Type") == "image/jpeg")
        #expect(reply.header("Cache-Control") == "no-cache")
        #expect(reply.header("x-amz-meta-who")?.hasPrefix("Tom") == true)
        #expect(reply.header("Content-Disposition") == "inline")
        #expect(reply.header("Content-Encoding") == "gzip")
        #expect(reply.header("Content-Language") == "en")
        #expect(reply.header("Expires") == "whenever")
        #expect(reply.header("x-amz-storage-class") == "STANDARD_IA")
    }

    /// The first and the third are the examples of AWS's page on metadata.
    @Test(arguments: [
        ("ÄMÄZÕÑ S3", "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?="),
        ("Miniö", "=?UTF-8?Q?Mini=C3=83=C2=B6?="),
        ("=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?=", "=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?="),
        ("AMAZONS3", "AMAZONS3"),
    ])
    func `metadata beyond ASCII comes back as encoded words`(
        sent: String,
        returned: String
    ) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x", headers: ["x-amz-meta-name": sent])
        _ = await s3.send(.PUT, "/photos/b", headers: ["x-amz-copy-source": "/photos/a"])

        #expect(await s3.send(.HEAD, "/photos/a").header("x-amz-meta-name") == returned)
        #expect(await s3.send(.GET, "/photos/b").header("x-amz-meta-name") == returned)
    }

    @Test func `the content type is binary/octet-stream where none or an empty one was given`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x", headers: ["Content-Type": ""])

        #expect(await s3.send(.HEAD, "/photos/a").header("Content-Type") == "binary/octet-stream")
    }

    @Test func `user metadata has 2 KiB and not a byte more`() async throws {
        let s3 = try await TestS3()
        let value = String(repeating: "v", count: Limits.userMetadataBytes - 1)

        #expect(
            await s3.send(.PUT, "/photos/a", "x", headers: ["x-amz-meta-k": value]).status == 200
        )
        let reply = await s3.send(.PUT, "/photos/a", "y", headers: ["x-amz-meta-kk": value])
        #expect(reply.errorCode == "MetadataTooLarge")
        #expect(reply["MaxSizeAllowed"] == "2048")
        #expect(await s3.send(.GET, "/photos/a").text == "x")
    }

    @Test func `a key has 1,024 bytes and not one more`() async throws {
        let s3 = try await TestS3()
        let key = String(repeating: "k", count: Limits.keyBytes)

        #expect(await s3.send(.PUT, "/photos/\(key)", "x").status == 200)
        let reply = await s3.send(.PUT, "/photos/\(key)k", "x")
        #expect(reply.status == 400)
        #expect(reply.errorCode == "KeyTooLongError")
    }

    @Test func `If-None-Match * writes only where nothing is`() async throws {
        let s3 = try await TestS3()

        #expect(
            await s3.send(.PUT, "/photos/a", "1", headers: ["If-None-Match": "*"]).status == 200
        )
        let reply = await s3.send(.PUT, "/photos/a", "2", headers: ["If-None-Match": "*"])
        #expect(reply.status == 412)
        #expect(reply["Condition"] == "If-None-Match")
        #expect(
            await s3.send(.PUT, "/photos/a", "2", headers: ["If-None-Match": "x"]).status == 501
        )
        #expect(await s3.send(.GET, "/photos/a").text == "1")
    }

    @Test func `If-Match writes only over the object it names`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.PUT, "/photos/a", "1", headers: ["If-Match": "x"]).status == 404)
        let etag = try #require(await s3.send(.PUT, "/photos/a", "1").header("ETag"))

        #expect(await s3.send(.PUT, "/photos/a", "2", headers: ["If-Match": "x"]).status == 412)
        #expect(await s3.send(.PUT, "/photos/a", "3", headers: ["If-Match": etag]).status == 200)
        #expect(await s3.send(.GET, "/photos/a").text == "3")
    }

    @Test(
        arguments: [
            (["If-None-Match": "x"], "If-None-Match"), (["If-Match": "*"], "If-Match"),
            (["If-Match": "x", "If-None-Match": "*"], "If-Match,If-None-Match"),
        ] as [(HTTPHeaders, String)]
    )
    func `conditions that S3 does not take on a write are named in a 501`(
        condition: HTTPHeaders,
        header: String
    ) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "1")

        let reply = await s3.send(.PUT, "/photos/a", "2", headers: condition)

        #expect(reply.status == 501)
        #expect(reply.errorCode == "NotImplemented")
        #expect(
            reply["Message"]
                == "A header you provided implies functionality that is not implemented"
        )
        #expect(reply["Header"] == header)
        #expect(
            reply["additionalMessage"]
                == (condition.count == 2
                    ? "Multiple conditional request headers present in the request"
                    : "We don't accept the provided value of \(header) header for this API")
        )
        #expect(await s3.send(.GET, "/photos/a").text == "1")
    }

    @Test func `a body without a length is refused`() async throws {
        let s3 = try await TestS3()
        var headers = try await signedHeaders(s3)
        headers.remove(name: "content-length")

        let reply = await s3.raw(.init(method: .PUT, target: "/photos/a", headers: headers))

        #expect(reply.status == 411)
        #expect(reply.errorCode == "MissingContentLength")
    }

    private func signedHeaders(_ s3: TestS3) async throws -> HTTPHeaders {
        SignatureV4.sign(
            SignableRequest(method: "PUT", target: "/photos/a", headers: ["host": "h"]),
            by: TestS3.root,
            region: "us-east-1",
            payload: .unsigned,
            at: s3.time.now()
        ).headers
    }

    @Test func `a wrong bucket, storage class or ACL is named`() async throws {
        let s3 = try await TestS3()

        let missing = await s3.send(.PUT, "/nowhere/a", "x")
        #expect(missing.status == 404)
        #expect(missing.errorCode == "NoSuchBucket")
        #expect(missing["BucketName"] == "nowhere")
        #expect(
            await s3.send(.PUT, "/photos/a", "x", headers: ["x-amz-storage-class": "FAST"])
                .errorCode
                == "InvalidStorageClass"
        )
        #expect(
            await s3.send(.PUT, "/photos/a", "x", headers: ["x-amz-acl": "open"]).errorCode
                == "InvalidArgument"
        )
    }
}
