import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Testing

/// What S3 was seen to answer where its documents leave it open.
///
/// The source is [LocalStack's record](https://github.com/localstack/localstack/tree/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/s3)
/// of S3's answers unless a test names another.
@Suite struct RecordedAnswerTests {
    private static let tagged = """
        <CreateBucketConfiguration><Tags><Tag><Key>team</Key><Value>web</Value></Tag></Tags>\
        </CreateBucketConfiguration>
        """

    private func tags(_ key: String, _ value: String = "v") -> String {
        "<CreateBucketConfiguration><Tags><Tag><Key>\(key)</Key><Value>\(value)</Value></Tag></Tags>"
            + "</CreateBucketConfiguration>"
    }

    @Test func `a bucket is made with tags, and made again without`() async throws {
        let s3 = try await TestS3()
        let made = await s3.send(.PUT, "/new", Self.tagged)
        #expect(made.status == 200)
        #expect(made.header("x-amz-bucket-arn") == "arn:aws:s3:::new")
        #expect(await s3.send(.HEAD, "/new").header("x-amz-bucket-arn") == "arn:aws:s3:::new")
        #expect(await s3.send(.GET, "/").all("BucketArn").contains("arn:aws:s3:::new"))

        let again = await s3.send(.PUT, "/new", Self.tagged)
        #expect(again.status == 409 && again.errorCode == "BucketAlreadyOwnedByYou")
        #expect(again["BucketName"] == "new")
        #expect(await s3.send(.PUT, "/new").status == 200)
        let empty = "<CreateBucketConfiguration><Tags/></CreateBucketConfiguration>"
        #expect(await s3.send(.PUT, "/new", empty).status == 200)
        #expect(await s3.send(.GET, "/new?tagging").all("Key") == ["team"])
    }

    @Test func `a bucket with tags that cannot be is not made`() async throws {
        let s3 = try await TestS3()
        let reserved = await s3.send(.PUT, "/new", tags("aws:x"))
        #expect(reserved.errorCode == "InvalidTag")
        let message = try #require(reserved["Message"])
        #expect(message.contains("This prefix is reserved for system tags."))
        let value = await s3.send(.PUT, "/new", tags("a", "b,c"))
        #expect(value["Message"] == "The TagValue you have provided is invalid")
        #expect(value["TagKey"] == "a" && value["TagValue"] == "b,c")
        let key = await s3.send(.PUT, "/new", tags("a,b"))
        #expect(key["TagKey"] == "a,b" && key["TagValue"] == nil)
        let bare = "<CreateBucketConfiguration><Tags><Tag/></Tags></CreateBucketConfiguration>"
        #expect(await s3.send(.PUT, "/new", bare).errorCode == "MalformedXML")
        #expect(await s3.send(.HEAD, "/new").status == 404)
    }

    @Test func `to make a bucket with tags is another right than to make one`() async throws {
        let s3 = try await TestS3()
        let user = try await s3.user(
            "ann",
            document: """
                {"Version": "2012-10-17", "Statement": [{\
                "Effect": "Allow", "Action": "s3:CreateBucket", "Resource": "*"}]}
                """
        )
        #expect(await s3.send(.PUT, "/new", Self.tagged, as: user).errorCode == "AccessDenied")
        #expect(await s3.send(.PUT, "/new", as: user).status == 200)
    }

    @Test(arguments: [false, true])
    func `the bypass of retentions needs a bucket with locks where Pail is strict`(
        isStrict: Bool
    ) async throws {
        let s3 = try await TestS3(configuration: ServiceConfiguration(isStrict: isStrict))
        _ = await s3.send(.PUT, "/locked", headers: ["x-amz-bucket-object-lock-enabled": "true"])
        // That it says no makes no difference to S3.
        for value in ["true", "false"] {
            let headers: HTTPHeaders = ["x-amz-bypass-governance-retention": value]
            let one = await s3.send(.DELETE, "/photos/a", headers: headers)
            let document = "<Delete><Object><Key>a</Key></Object></Delete>"
            var digested = headers
            let digest = HashFunction.hash(.md5, Array(document.utf8))
            digested.add(name: "content-md5", value: Base64.encode(digest))
            let many = await s3.send(.POST, "/photos?delete", document, headers: digested)
            #expect(one.errorCode == (isStrict ? "InvalidArgument" : nil))
            #expect(many.errorCode == (isStrict ? "InvalidArgument" : nil))
            #expect(await s3.send(.DELETE, "/locked/a", headers: headers).status == 204)
        }
    }

    @Test func `a delete marker refuses what is asked of it by name`() async throws {
        let s3 = try await TestS3()
        let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        let marker = try #require(
            await s3.send(.DELETE, "/photos/k").header("x-amz-version-id")
        )
        let read = await s3.send(.GET, "/photos/k?versionId=\(marker)")
        #expect(read.status == 405 && read["Method"] == "GET")
        #expect(read["ResourceType"] == "DeleteMarker")
        let list = await s3.send(.PUT, "/photos/k?acl", headers: ["x-amz-acl": "private"])
        #expect(list.status == 405 && list["Method"] == "PUT")
        #expect(await s3.send(.GET, "/photos/k?acl").errorCode == "NoSuchKey")
    }

    @Test func `an owner that is no account is not merely another`() async throws {
        let s3 = try await TestS3()
        for (number, code) in [
            ("0000", "InvalidBucketOwnerAWSAccountID"),
            ("abcdefghijkl", "InvalidBucketOwnerAWSAccountID"),
            ("111122223333", "AccessDenied"),
        ] {
            let headers: HTTPHeaders = ["x-amz-expected-bucket-owner": number]
            #expect(await s3.send(.GET, "/photos", headers: headers).errorCode == code)
        }
    }

    @Test func `a tag of the header has one equals sign`() async throws {
        let s3 = try await TestS3()
        for text in ["a=b,c=d", "=b", "a=b=c"] {
            let reply = await s3.send(.PUT, "/photos/k", headers: ["x-amz-tagging": text])
            #expect(reply.errorCode == "InvalidArgument", "\(text)")
        }
        let reserved = await s3.send(.PUT, "/photos/k", headers: ["x-amz-tagging": "aws:x=y"])
        #expect(reserved["Message"] == "Your TagKey cannot be prefixed with aws:")
    }

    @Test func `a class of storage for other places is refused`() async throws {
        let s3 = try await TestS3()
        let reply = await s3.send(.PUT, "/photos/k", headers: ["x-amz-storage-class": "OUTPOSTS"])
        #expect(reply.errorCode == "InvalidStorageClass")
    }

    /// S3 was seen to do so.
    ///
    /// [Tests of moto that were run on S3](https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_conditionals.py)
    @Test func `an entity tag may have lost a quote`() async throws {
        let s3 = try await TestS3()
        let etag = try #require(await s3.send(.PUT, "/photos/k", "x").header("ETag"))
        let lost = String(etag.dropFirst())
        #expect(await s3.send(.PUT, "/photos/k", "x", headers: ["If-Match": lost]).status == 200)
        #expect(await s3.send(.GET, "/photos/k", headers: ["If-None-Match": lost]).status == 304)
    }
}

/// The same of copies, uploads in parts and listings.
@Suite struct RecordedCopyAndListAnswerTests {
    @Test func `a condition on a copy's source is named as its header is`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let refused = await s3.send(
            .PUT,
            "/photos/b",
            headers: ["x-amz-copy-source": "photos/a", "x-amz-copy-source-if-match": "y"]
        )
        #expect(refused.status == 412 && refused["Condition"] == "x-amz-copy-source-If-Match")
    }

    @Test func `a date to come keeps nobody from reading or copying`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let later = HTTPDate.format(s3.time.now().advanced(bySeconds: 3600))
        let read = await s3.send(.GET, "/photos/a", headers: ["If-Modified-Since": later])
        #expect(read.status == 200)
        let copy = await s3.send(
            .PUT,
            "/photos/b",
            headers: [
                "x-amz-copy-source": "photos/a", "x-amz-copy-source-if-modified-since": later,
            ]
        )
        #expect(copy.status == 200)
    }

    @Test func `a copy to itself names what is to change, be it no other`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let headers: HTTPHeaders = ["x-amz-copy-source": "photos/a"]
        #expect(await s3.send(.PUT, "/photos/a", headers: headers).errorCode == "InvalidRequest")
        var named = headers
        named.add(name: "x-amz-storage-class", value: "STANDARD")
        #expect(await s3.send(.PUT, "/photos/a", headers: named).status == 200)
        // A configuration of the bucket's encryption is taken for a change.
        let encryption = """
            <ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
            <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>\
            </ServerSideEncryptionConfiguration>
            """
        #expect(await s3.send(.PUT, "/photos?encryption", encryption).status == 200)
        #expect(await s3.send(.PUT, "/photos/a", headers: headers).status == 200)
    }

    @Test func `a range of a copied part that begins beyond its source is another error`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "0123456789")
        let id = try #require(await s3.send(.POST, "/photos/big?uploads")["UploadId"])
        for (range, code) in [
            ("bytes=0-100", "InvalidArgument"), ("bytes=100-200", "InvalidRequest"),
        ] {
            let reply = await s3.send(
                .PUT,
                "/photos/big?partNumber=1&uploadId=\(id)",
                headers: ["x-amz-copy-source": "photos/a", "x-amz-copy-source-range": range]
            )
            #expect(reply.errorCode == code)
        }
    }

    @Test func `an upload does not replace what was written since it began`() async throws {
        let s3 = try await TestS3()
        let old = try #require(await s3.send(.PUT, "/photos/k", "old").header("ETag"))
        s3.time.advance(bySeconds: 1)
        let id = try #require(await s3.send(.POST, "/photos/k?uploads")["UploadId"])
        let part = try #require(
            await s3.send(.PUT, "/photos/k?partNumber=1&uploadId=\(id)", "x").header("ETag")
        )
        let list = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(part)</ETag></Part>\
            </CompleteMultipartUpload>
            """
        s3.time.advance(bySeconds: 1)
        let new = try #require(await s3.send(.PUT, "/photos/k", "old").header("ETag"))
        #expect(old == new)
        let target = "/photos/k?uploadId=\(id)"
        let refused = await s3.send(.POST, target, list, headers: ["If-Match": new])
        #expect(refused.status == 409 && refused.errorCode == "ConditionalRequestConflict")
        #expect(refused["Condition"] == "If-Match" && refused["Key"] == "k")
        #expect(await s3.send(.GET, "/photos/k").text == "old")
        #expect(await s3.send(.POST, target, list).status == 200)
    }

    @Test func `a completion without a body says so, if there is an upload`() async throws {
        let s3 = try await TestS3()
        let none = await s3.send(.POST, "/photos/k?uploadId=none")
        #expect(none.errorCode == "NoSuchUpload" && none["UploadId"] == "none")
        let id = try #require(await s3.send(.POST, "/photos/k?uploads")["UploadId"])
        let empty = await s3.send(.POST, "/photos/k?uploadId=\(id)")
        #expect(empty["Message"] == "You must specify at least one part")
    }

    @Test func `a composite checksum is told by the attributes without its number of parts`()
        async throws
    {
        let s3 = try await TestS3()
        let id = try #require(
            await s3.send(
                .POST,
                "/photos/k?uploads",
                headers: ["x-amz-checksum-algorithm": "CRC32"]
            )["UploadId"]
        )
        let part = await s3.send(
            .PUT,
            "/photos/k?partNumber=1&uploadId=\(id)",
            "x",
            headers: ["x-amz-checksum-crc32": "jNwWgw=="]
        )
        let list = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber>\
            <ETag>\(part.header("ETag") ?? "")</ETag><ChecksumCRC32>jNwWgw==</ChecksumCRC32></Part>\
            </CompleteMultipartUpload>
            """
        let done = await s3.send(.POST, "/photos/k?uploadId=\(id)", list)
        let whole = try #require(done["ChecksumCRC32"])
        #expect(whole.hasSuffix("-1"))
        let told = await s3.send(
            .GET,
            "/photos/k?attributes",
            headers: ["x-amz-object-attributes": "Checksum"]
        )
        #expect(told["ChecksumCRC32"] == String(whole.dropLast(2)))
    }

    @Test func `a marker within a common prefix stands for all of it`() async throws {
        let s3 = try await TestS3()
        for key in ["f/a/1", "f/a/2", "f/b"] { _ = await s3.send(.PUT, "/photos/\(key)", "x") }
        let query = "prefix=f/&delimiter=/"
        let first = await s3.send(.GET, "/photos?\(query)&marker=f/a/1")
        #expect(first.all("Key") == ["f/b"] && first.all("CommonPrefixes") == [])
        let versions = await s3.send(.GET, "/photos?versions&\(query)&key-marker=f/a/1")
        #expect(versions.all("Key") == ["f/b"] && versions.all("CommonPrefixes") == [])
        // To the second listing it is a key, after which there is more of the prefix.
        let second = await s3.send(.GET, "/photos?list-type=2&\(query)&start-after=f/a/1")
        #expect(second["CommonPrefixes"] != nil && second.all("Key") == ["f/b"])
    }

    @Test func `an encoding that is empty is none that there is`() async throws {
        let s3 = try await TestS3()
        for query in ["", "list-type=2&", "versions&", "uploads&"] {
            let reply = await s3.send(.GET, "/photos?\(query)encoding-type=")
            #expect(reply.errorCode == "InvalidArgument", "\(query)")
        }
    }
}
