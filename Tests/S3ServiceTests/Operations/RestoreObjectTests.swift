import NIOHTTP1
import S3Protocol
import Testing

@Suite struct RestoreObjectTests {
    private static let day: Int64 = 24 * 60 * 60

    /// A service with an object `k` of a class in `photos`.
    private func s3(_ storageClass: String = "GLACIER") async throws -> TestS3 {
        let s3 = try await TestS3()
        let put = await s3.send(
            .PUT,
            "/photos/k",
            "cold",
            headers: ["x-amz-storage-class": storageClass]
        )
        #expect(put.status == 200)
        return s3
    }

    private func request(_ days: Int, _ more: String = "") -> String {
        "<RestoreRequest><Days>\(days)</Days>\(more)</RestoreRequest>"
    }

    @Test(arguments: ["GLACIER", "DEEP_ARCHIVE"])
    func `an archived object is not read, only looked at`(storageClass: String) async throws {
        let s3 = try await s3(storageClass)
        let got = await s3.send(.GET, "/photos/k")
        #expect((got.status, got.errorCode) == (403, "InvalidObjectState"))
        #expect(got["Message"] == "The operation is not valid for the object's storage class")
        #expect(got["StorageClass"] == storageClass)
        let head = await s3.send(.HEAD, "/photos/k")
        #expect((head.status, head.header("content-length")) == (200, "4"))
        #expect(head.header("x-amz-storage-class") == storageClass)
        #expect(head.header("x-amz-restore") == nil)
        for target in ["/photos/copy", "/photos/k"] {
            let copy = await s3.send(.PUT, target, headers: ["x-amz-copy-source": "photos/k"])
            #expect((copy.status, copy.errorCode) == (403, "InvalidObjectState"))
        }
        let upload = try #require(await s3.send(.POST, "/photos/p?uploads")["UploadId"])
        let part = await s3.send(
            .PUT,
            "/photos/p?partNumber=1&uploadId=\(upload)",
            headers: ["x-amz-copy-source": "photos/k"]
        )
        #expect(part.errorCode == "InvalidObjectState")
    }

    @Test(arguments: [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
        "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE",
    ])
    func `every other class is read, and not restored`(storageClass: String) async throws {
        let s3 = try await s3(storageClass)
        #expect(await s3.send(.GET, "/photos/k").text == "cold")
        let listed = await s3.send(.GET, "/photos?list-type=2")
        #expect(listed["StorageClass"] == storageClass)
        let refused = await s3.send(.POST, "/photos/k?restore", request(1))
        #expect((refused.status, refused.errorCode) == (403, "InvalidObjectState"))
        #expect(
            refused["Message"] == "Restore is not allowed for the object's current storage class"
        )
    }

    @Test func `a restored object is read until its day, then not`() async throws {
        let s3 = try await s3()
        let first = await s3.send(.POST, "/photos/k?restore", request(2))
        #expect((first.status, first.text) == (202, ""))
        // 2023-11-14T22:13:20Z and two days, at the midnight that follows.
        let until = #"ongoing-request="false", expiry-date="Fri, 17 Nov 2023 00:00:00 GMT""#
        let got = await s3.send(.GET, "/photos/k")
        #expect((got.status, got.text, got.header("x-amz-restore")) == (200, "cold", until))
        #expect(got.header("x-amz-storage-class") == "GLACIER")
        #expect(await s3.send(.HEAD, "/photos/k").header("x-amz-restore") == until)
        let copy = await s3.send(.PUT, "/photos/c", headers: ["x-amz-copy-source": "photos/k"])
        #expect(copy.status == 200)
        #expect(await s3.send(.HEAD, "/photos/c").header("x-amz-restore") == nil)

        s3.time.advance(bySeconds: 3 * Self.day)
        #expect(await s3.send(.GET, "/photos/k").errorCode == "InvalidObjectState")
        #expect(await s3.send(.HEAD, "/photos/k").header("x-amz-restore") == nil)
        #expect(await s3.send(.POST, "/photos/k?restore", request(1)).status == 202)
    }

    @Test func `asked again, it is restored for so many days from then on`() async throws {
        let s3 = try await s3()
        _ = await s3.send(.POST, "/photos/k?restore", request(9))
        s3.time.advance(bySeconds: Self.day)
        let again = await s3.send(.POST, "/photos/k?restore", request(1))
        #expect(again.status == 200)
        let head = await s3.send(.HEAD, "/photos/k")
        #expect(head.header("x-amz-restore")?.contains("Fri, 17 Nov 2023") == true)
    }

    @Test(arguments: [
        ("GLACIER", "<GlacierJobParameters><Tier>Bulk</Tier></GlacierJobParameters>", nil),
        ("GLACIER", "<Tier>Expedited</Tier><Description>x</Description>", nil),
        ("DEEP_ARCHIVE", "<Tier>Standard</Tier>", nil),
        ("DEEP_ARCHIVE", "<Tier>Expedited</Tier>", "InvalidArgument"),
        ("GLACIER", "<Tier>Fast</Tier>", "MalformedXML"),
        ("GLACIER", "<Type>SELECT</Type>", "NotImplemented"),
        ("GLACIER", "<OutputLocation/>", "NotImplemented"),
    ])
    func `tiers are checked, and queries refused`(
        storageClass: String,
        more: String,
        code: String?
    ) async throws {
        let s3 = try await s3(storageClass)
        let reply = await s3.send(.POST, "/photos/k?restore", request(1, more))
        #expect(reply.errorCode == code)
        #expect((reply.status == 202) == (code == nil))
    }

    @Test func `without days there is nothing to restore for`() async throws {
        let s3 = try await s3()
        for (document, code) in [
            ("", "MalformedXML"), ("<RestoreRequest/>", "MalformedXML"),
            (request(0), "InvalidArgument"), ("<Other/>", "MalformedXML"),
        ] {
            let reply = await s3.send(.POST, "/photos/k?restore", document)
            #expect((reply.status, reply.errorCode) == (400, code))
        }
        #expect(await s3.send(.POST, "/photos/no?restore", request(1)).errorCode == "NoSuchKey")
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        #expect(await s3.send(.POST, "/photos/k?restore", request(1), as: reader).status == 403)
    }

    @Test func `one version is restored and the others are not`() async throws {
        let s3 = try await TestS3()
        let enabled =
            "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        _ = await s3.send(.PUT, "/photos?versioning", enabled)
        var versions: [String] = []
        for body in ["old", "new"] {
            let put = await s3.send(
                .PUT,
                "/photos/k",
                body,
                headers: ["x-amz-storage-class": "DEEP_ARCHIVE"]
            )
            versions.append(try #require(put.header("x-amz-version-id")))
        }
        let target = "/photos/k?restore&versionId=\(versions[0])"
        #expect(await s3.send(.POST, target, request(1)).status == 202)
        #expect(await s3.send(.GET, "/photos/k?versionId=\(versions[0])").text == "old")
        #expect(await s3.send(.GET, "/photos/k").errorCode == "InvalidObjectState")
        let marker = await s3.send(.DELETE, "/photos/k").header("x-amz-version-id")
        let refused = await s3.send(
            .POST,
            "/photos/k?restore&versionId=\(try #require(marker))",
            request(1)
        )
        #expect(refused.status == 405)
    }

    @Test func `listings tell on request which objects are restored`() async throws {
        let s3 = try await s3()
        _ = await s3.send(.PUT, "/photos/z", "x", headers: ["x-amz-storage-class": "GLACIER"])
        _ = await s3.send(.POST, "/photos/k?restore", request(1))
        let asked: HTTPHeaders = ["x-amz-optional-object-attributes": "RestoreStatus"]
        for target in ["/photos?list-type=2", "/photos", "/photos?versions"] {
            let listed = await s3.send(.GET, target, headers: asked)
            #expect(listed.all("IsRestoreInProgress") == ["false"])
            #expect(listed.all("RestoreExpiryDate") == ["2023-11-16T00:00:00.000Z"])
            #expect(!(await s3.send(.GET, target)).text.contains("RestoreStatus"))
        }
        let other = await s3.send(
            .GET,
            "/photos",
            headers: ["x-amz-optional-object-attributes": "Colour"]
        )
        #expect(other.errorCode == "InvalidArgument")
        s3.time.advance(bySeconds: 3 * Self.day)
        let later = await s3.send(.GET, "/photos", headers: asked)
        #expect(!later.text.contains("RestoreStatus"))
    }

    @Test func `an upload in parts keeps its class, and so does what it becomes`() async throws {
        let s3 = try await TestS3()
        let begun = await s3.send(
            .POST,
            "/photos/k?uploads",
            headers: ["x-amz-storage-class": "DEEP_ARCHIVE"]
        )
        let id = try #require(begun["UploadId"])
        #expect(await s3.send(.GET, "/photos?uploads")["StorageClass"] == "DEEP_ARCHIVE")
        #expect(await s3.send(.GET, "/photos/k?uploadId=\(id)")["StorageClass"] == "DEEP_ARCHIVE")
        let part = await s3.send(.PUT, "/photos/k?partNumber=1&uploadId=\(id)", "part")
        let list = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber>\
            <ETag>\(part.header("ETag") ?? "")</ETag></Part></CompleteMultipartUpload>
            """
        #expect(await s3.send(.POST, "/photos/k?uploadId=\(id)", list).status == 200)
        let head = await s3.send(.HEAD, "/photos/k")
        #expect(head.header("x-amz-storage-class") == "DEEP_ARCHIVE")
        let attributes = await s3.send(
            .GET,
            "/photos/k?attributes",
            headers: ["x-amz-object-attributes": "StorageClass"]
        )
        #expect(attributes["StorageClass"] == "DEEP_ARCHIVE")
    }
}
