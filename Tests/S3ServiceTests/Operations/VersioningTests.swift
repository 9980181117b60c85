import Digests
import NIOHTTP1
import Testing

@Suite struct VersioningTests {
    /// A service whose bucket `photos` keeps versions.
    private func keeping() async throws -> TestS3 {
        let s3 = try await TestS3()
        #expect(await s3.configure("Enabled").status == 200)
        return s3
    }

    private func put(_ s3: TestS3, _ body: String) async throws -> String {
        try #require(await s3.send(.PUT, "/photos/k", body).header("x-amz-version-id"))
    }

    @Test func `a bucket says nothing of versions until it keeps them`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.GET, "/photos?versioning")["Status"] == nil)
        #expect(await s3.send(.PUT, "/photos/k", "x").header("x-amz-version-id") == nil)
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-version-id") == nil)

        for status in ["Enabled", "Suspended"] {
            #expect(await s3.configure(status).status == 200)
            #expect(await s3.send(.GET, "/photos?versioning")["Status"] == status)
        }
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-version-id") == "null")
    }

    @Test(arguments: [
        ("<Status>Off</Status>", "MalformedXML"),
        ("", "IllegalVersioningConfigurationException"),
        ("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>", "NotImplemented"),
    ])
    func `a configuration that is none changes nothing`(inner: String, code: String) async throws {
        let s3 = try await TestS3()
        let document = "<VersioningConfiguration>\(inner)</VersioningConfiguration>"
        #expect(await s3.send(.PUT, "/photos?versioning", document).errorCode == code)
        #expect(await s3.send(.GET, "/photos?versioning")["Status"] == nil)
    }

    @Test func `each version is read by its identifier`() async throws {
        let s3 = try await keeping()
        let (first, second) = (try await put(s3, "one"), try await put(s3, "two!"))

        let old = await s3.send(.GET, "/photos/k?versionId=\(first)")
        #expect(old.text == "one")
        #expect(old.header("x-amz-version-id") == first)
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-version-id") == second)
        let head = await s3.send(.HEAD, "/photos/k?versionId=\(first)")
        #expect(head.header("Content-Length") == "3")
        #expect(await s3.send(.GET, "/photos/k?versionId=null").errorCode == "NoSuchVersion")
        #expect(
            await s3.send(.GET, "/photos/other?versionId=\(first)").errorCode == "NoSuchVersion"
        )
    }

    @Test func `a delete marker hides the object and says so`() async throws {
        let s3 = try await keeping()
        let version = try await put(s3, "one")

        let deleted = await s3.send(.DELETE, "/photos/k")

        #expect(deleted.status == 204)
        #expect(deleted.header("x-amz-delete-marker") == "true")
        let marker = try #require(deleted.header("x-amz-version-id"))
        let hidden = await s3.send(.GET, "/photos/k")
        #expect((hidden.status, hidden.errorCode) == (404, "NoSuchKey"))
        #expect(hidden.header("x-amz-delete-marker") == "true")
        #expect(hidden.header("x-amz-version-id") == marker)
        let named = await s3.send(.GET, "/photos/k?versionId=\(marker)")
        #expect((named.status, named.errorCode) == (405, "MethodNotAllowed"))
        #expect(named.header("x-amz-delete-marker") == "true")
        #expect(named.header("Allow") == "DELETE")
        #expect(named.header("Last-Modified") != nil)
        #expect(await s3.send(.GET, "/photos/k?versionId=\(version)").text == "one")
        #expect(await s3.send(.GET, "/photos?list-type=2").all("Key") == [])
    }

    @Test func `deleting by version restores the one before`() async throws {
        let s3 = try await keeping()
        let (first, second) = (try await put(s3, "one"), try await put(s3, "two"))
        let marker = try #require(await s3.send(.DELETE, "/photos/k").header("x-amz-version-id"))

        let undone = await s3.send(.DELETE, "/photos/k?versionId=\(marker)")
        #expect(undone.header("x-amz-delete-marker") == "true")
        #expect(undone.header("x-amz-version-id") == marker)
        #expect(await s3.send(.GET, "/photos/k").text == "two")

        let gone = await s3.send(.DELETE, "/photos/k?versionId=\(second)")
        #expect(gone.header("x-amz-delete-marker") == nil)
        #expect(gone.header("x-amz-version-id") == second)
        #expect(await s3.send(.GET, "/photos/k").text == "one")
        #expect(await s3.send(.DELETE, "/photos/k?versionId=\(first)").status == 204)
        #expect(await s3.send(.DELETE, "/photos/k?versionId=\(first)").status == 204)
        #expect(await s3.send(.GET, "/photos/k").header("x-amz-delete-marker") == nil)
    }

    @Test func `a suspended bucket overwrites only the version null`() async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/k", "before")
        _ = await s3.configure("Enabled")
        let kept = try await put(s3, "kept")
        _ = await s3.configure("Suspended")

        // S3 names a version that it made; that it made none, it says to readers only.
        #expect(await s3.send(.PUT, "/photos/k", "null").header("x-amz-version-id") == nil)
        #expect(await s3.send(.GET, "/photos/k?versionId=null").text == "null")
        #expect(await s3.send(.HEAD, "/photos/k").header("x-amz-version-id") == "null")
        #expect(await s3.send(.GET, "/photos?versions").all("VersionId") == ["null", kept])
        let deleted = await s3.send(.DELETE, "/photos/k")
        #expect(deleted.header("x-amz-version-id") == "null")
        #expect(await s3.send(.GET, "/photos?versions").all("VersionId") == ["null", kept])
        #expect(await s3.send(.GET, "/photos/k?versionId=\(kept)").text == "kept")
    }

    @Test func `a listing shows versions and markers in S3's order`() async throws {
        let s3 = try await keeping()
        let (first, second) = (try await put(s3, "one"), try await put(s3, "two"))
        let marker = try #require(await s3.send(.DELETE, "/photos/k").header("x-amz-version-id"))
        _ = await s3.send(.PUT, "/photos/a%2Fb", "x")

        let all = await s3.send(.GET, "/photos?versions&delimiter=%2F")
        #expect(all.all("VersionId") == [marker, second, first])
        #expect(all.all("IsLatest") == ["true", "false", "false"])
        #expect(all.text.contains("<DeleteMarker><Key>k</Key>"))
        #expect(all.text.contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"))

        let page = await s3.send(.GET, "/photos?versions&prefix=k&max-keys=1")
        #expect(page["NextKeyMarker"] == "k")
        #expect(page["NextVersionIdMarker"] == marker)
        let rest = await s3.send(
            .GET,
            "/photos?versions&prefix=k&key-marker=k&version-id-marker=\(marker)"
        )
        #expect(rest.all("VersionId") == [second, first])
        #expect(rest.all("IsLatest") == ["false", "false"])
        let lost = await s3.send(.GET, "/photos?versions&version-id-marker=\(marker)")
        #expect(lost.errorCode == "InvalidArgument")
    }

    @Test func `a version is copied, and the copy says which`() async throws {
        let s3 = try await keeping()
        let first = try await put(s3, "one")
        _ = try await put(s3, "two")

        let copied = await s3.send(
            .PUT,
            "/photos/k",
            headers: ["x-amz-copy-source": "photos/k?versionId=\(first)"]
        )

        #expect(copied.status == 200)
        #expect(copied.header("x-amz-copy-source-version-id") == first)
        #expect(copied.header("x-amz-version-id") != nil)
        #expect(await s3.send(.GET, "/photos/k").text == "one")
    }

    @Test func `a delete marker cannot be copied`() async throws {
        let s3 = try await keeping()
        _ = try await put(s3, "one")
        let marker = try #require(await s3.send(.DELETE, "/photos/k").header("x-amz-version-id"))

        for (source, code) in [
            ("photos/k?versionId=\(marker)", "InvalidRequest"), ("photos/k", "NoSuchKey"),
        ] {
            let reply = await s3.send(.PUT, "/photos/c", headers: ["x-amz-copy-source": source])
            #expect(reply.errorCode == code)
        }
    }

    @Test func `DeleteObjects deletes versions, and tells of markers`() async throws {
        let s3 = try await keeping()
        let (first, _) = (try await put(s3, "one"), try await put(s3, "two"))
        let document = """
            <Delete><Object><Key>k</Key><VersionId>\(first)</VersionId></Object>\
            <Object><Key>k</Key></Object></Delete>
            """
        let reply = await s3.send(
            .POST,
            "/photos?delete",
            document,
            headers: ["content-md5": Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))]
        )

        #expect(reply.all("VersionId") == [first])
        #expect(reply.all("DeleteMarker") == ["true"])
        let left = await s3.send(.GET, "/photos?versions")
        #expect(left.all("VersionId").first == reply["DeleteMarkerVersionId"])
        #expect(left.all("VersionId").count == 2)
        #expect(await s3.send(.DELETE, "/photos").errorCode == "BucketNotEmpty")
    }

    @Test func `a version needs a right of its own`() async throws {
        let s3 = try await keeping()
        let version = try await put(s3, "one")
        let reader = try await s3.user(
            "reader",
            document: """
                {"Version": "2012-10-17", "Statement":
                  {"Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": "*"}}
                """
        )
        #expect(await s3.send(.GET, "/photos/k", as: reader).status == 200)
        for method in [HTTPMethod.GET, .DELETE] {
            let reply = await s3.send(method, "/photos/k?versionId=\(version)", as: reader)
            #expect(reply.errorCode == "AccessDenied")
        }
        #expect(await s3.send(.GET, "/photos?versions", as: reader).errorCode == "AccessDenied")
    }
}

extension TestS3 {
    fileprivate func configure(_ status: String) async -> Reply {
        await send(
            .PUT,
            "/photos?versioning",
            "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
        )
    }
}
