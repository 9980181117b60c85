import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

/// A day of seconds.
private let day: Int64 = 24 * 60 * 60

extension TestS3 {
    /// Puts a lifecycle of these rules on `photos`.
    fileprivate func setLifecycle(_ rules: String, headers: HTTPHeaders = [:]) async -> Reply {
        await send(
            .PUT,
            "/photos?lifecycle",
            "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>",
            headers: headers
        )
    }

    /// Turns the clock on and does what is due then.
    @discardableResult
    fileprivate func pass(days: Int64) async -> LifecycleReport {
        time.advance(bySeconds: days * day)
        return await store.runLifecycles()
    }

    fileprivate func keepVersions(_ status: String = "Enabled") async {
        let document =
            "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
        let reply = await send(.PUT, "/photos?versioning", document)
        #expect(reply.status == 200)
    }

    fileprivate func keys() async -> [String] {
        await send(.GET, "/photos?list-type=2").all("Key")
    }

    fileprivate func put(
        _ key: String,
        _ body: String = "x",
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        await send(.PUT, "/photos/\(key)", body, headers: headers)
    }
}

private func rule(_ actions: String, id: String = "r", filter: String = "") -> String {
    "<Rule><ID>\(id)</ID><Filter>\(filter)</Filter><Status>Enabled</Status>\(actions)</Rule>"
}

private let oneDay = "<Expiration><Days>1</Days></Expiration>"

private func days(_ count: Int) -> String { "<Expiration><Days>\(count)</Days></Expiration>" }

@Suite struct LifecycleConfigurationTests {
    @Test func `a bucket has no lifecycle until it is given one, and none after it is deleted`()
        async throws
    {
        let s3 = try await TestS3()
        let none = await s3.send(.GET, "/photos?lifecycle")
        #expect((none.status, none.errorCode) == (404, "NoSuchLifecycleConfiguration"))
        #expect(none["Message"] == "The lifecycle configuration does not exist")

        let put = await s3.setLifecycle(rule(oneDay))
        #expect((put.status, put.text) == (200, ""))
        let got = await s3.send(.GET, "/photos?lifecycle")
        #expect(
            got.text.contains(
                "<Rule><ID>r</ID><Filter></Filter><Status>Enabled</Status>\(oneDay)</Rule>"
            )
        )
        let minimum = "x-amz-transition-default-minimum-object-size"
        #expect(put.header(minimum) == "all_storage_classes_128K")
        #expect(got.header(minimum) == "all_storage_classes_128K")

        for _ in 0..<2 {
            #expect(await s3.send(.DELETE, "/photos?lifecycle").status == 204)
        }
        #expect(await s3.send(.GET, "/photos?lifecycle").status == 404)
    }

    @Test func `the minimum for transitions is kept, and one that S3 does not know is refused`()
        async throws
    {
        let s3 = try await TestS3()
        let minimum = "x-amz-transition-default-minimum-object-size"
        _ = await s3.setLifecycle(rule(oneDay), headers: [minimum: "varies_by_storage_class"])
        let got = await s3.send(.GET, "/photos?lifecycle")
        #expect(got.header(minimum) == "varies_by_storage_class")
        let refused = await s3.setLifecycle(rule(oneDay), headers: [minimum: "none"])
        #expect((refused.status, refused.errorCode) == (400, "InvalidRequest"))
    }

    @Test func `an empty document and one that is none are refused`() async throws {
        let s3 = try await TestS3()
        #expect(await s3.send(.PUT, "/photos?lifecycle").errorCode == "MissingRequestBodyError")
        #expect(await s3.send(.PUT, "/photos?lifecycle", "<x>").errorCode == "MalformedXML")
        #expect(await s3.setLifecycle("").errorCode == "MalformedXML")
        #expect(await s3.setLifecycle(rule(days(0))).errorCode == "InvalidArgument")
        #expect(await s3.send(.GET, "/photos?lifecycle").status == 404)
    }

    @Test func `a rule without a name gets one of 48 characters`() async throws {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(
            "<Rule><Prefix>a</Prefix><Status>Enabled</Status>\(oneDay)</Rule>"
        )
        let got = await s3.send(.GET, "/photos?lifecycle")
        #expect(got["ID"]?.count == 48)
        #expect(got.text.contains("<Prefix>a</Prefix><Status>"))
    }

    @Test func `a lifecycle is asked for and put by those who may`() async throws {
        let s3 = try await TestS3()
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        #expect(await s3.send(.GET, "/photos?lifecycle", as: reader).status == 404)
        #expect(await s3.send(.DELETE, "/photos?lifecycle", as: reader).status == 403)
        #expect(await s3.send(.PUT, "/photos?lifecycle", "x", as: reader).status == 403)
    }
}

@Suite struct LifecycleHeaderTests {
    @Test func `whatever writes or reads an object tells when it expires`() async throws {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(rule(days(3), id: "after 3 days", filter: "<Prefix>a</Prefix>"))
        // 2023-11-14T22:13:20Z and three days, at the midnight that follows.
        let expected =
            #"expiry-date="Sat, 18 Nov 2023 00:00:00 GMT", rule-id="after%203%20days""#
        let put = await s3.put("a")
        let copied = await s3.send(.PUT, "/photos/a2", headers: ["x-amz-copy-source": "photos/a"])
        let got = await s3.send(.GET, "/photos/a")
        let head = await s3.send(.HEAD, "/photos/a")
        for reply in [put, copied, got, head] {
            #expect(reply.status == 200)
            #expect(reply.header("x-amz-expiration") == expected)
        }
        #expect(await s3.put("b").header("x-amz-expiration") == nil)
    }

    @Test func `a version that is asked for by its identifier does not tell`() async throws {
        let s3 = try await TestS3()
        await s3.keepVersions()
        _ = await s3.setLifecycle(rule(oneDay))
        let version = try #require(await s3.put("a").header("x-amz-version-id"))
        let reply = await s3.send(.HEAD, "/photos/a?versionId=\(version)")
        #expect(reply.header("x-amz-expiration") == nil)
        #expect(await s3.send(.HEAD, "/photos/a").header("x-amz-expiration") != nil)
    }

    @Test func `tags decide from the moment that they change`() async throws {
        let s3 = try await TestS3()
        let filter = "<Tag><Key>k</Key><Value>v</Value></Tag>"
        _ = await s3.setLifecycle(rule(oneDay, filter: filter))
        let put = await s3.put("a", headers: ["x-amz-tagging": "k=v"])
        #expect(put.header("x-amz-expiration") != nil)
        _ = await s3.send(.DELETE, "/photos/a?tagging")
        #expect(await s3.send(.HEAD, "/photos/a").header("x-amz-expiration") == nil)
    }

    @Test func `an upload tells when it will be given up`() async throws {
        let s3 = try await TestS3()
        let abort = """
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>\
            </AbortIncompleteMultipartUpload>
            """
        _ = await s3.setLifecycle(rule(abort, id: "give up", filter: "<Prefix>a</Prefix>"))
        let begun = await s3.send(.POST, "/photos/a?uploads")
        let id = try #require(begun["UploadId"])
        let listed = await s3.send(.GET, "/photos/a?uploadId=\(id)")
        for reply in [begun, listed] {
            #expect(reply.header("x-amz-abort-date") == "Fri, 17 Nov 2023 00:00:00 GMT")
            #expect(reply.header("x-amz-abort-rule-id") == "give up")
        }
        let other = await s3.send(.POST, "/photos/b?uploads")
        #expect(other.header("x-amz-abort-date") == nil)
    }

    @Test func `a name that no header can hold is encoded`() async throws {
        let s3 = try await TestS3()
        let abort = """
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>\
            </AbortIncompleteMultipartUpload>
            """
        _ = await s3.setLifecycle(rule(oneDay, id: "a&#10;\u{e9}") + rule(abort, id: "b&#10;\""))
        let put = await s3.put("a")
        #expect(put.header("x-amz-expiration")?.hasSuffix(#"rule-id="a%0A%C3%A9""#) == true)
        let begun = await s3.send(.POST, "/photos/a?uploads")
        #expect(begun.header("x-amz-abort-rule-id") == "b%0A%22")
    }
}

@Suite struct LifecycleRunTests {
    @Test func `a year passes, and each object goes when its rule says`() async throws {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(
            rule(days(30), id: "month", filter: "<Prefix>tmp/</Prefix>")
                + rule(days(300), id: "long", filter: "<Prefix>log/</Prefix>")
        )
        for key in ["keep", "log/a", "tmp/a", "tmp/b"] { _ = await s3.put(key) }
        #expect(await s3.pass(days: 30) == LifecycleReport())
        #expect(await s3.pass(days: 1).expired == 2)
        #expect(await s3.keys() == ["keep", "log/a"])
        for _ in 0..<11 { await s3.pass(days: 30) }
        #expect(await s3.keys() == ["keep"])
        #expect(await s3.send(.GET, "/photos/tmp/a").errorCode == "NoSuchKey")
    }

    @Test func `a bucket with versions gets a delete marker, which stays while it hides something`()
        async throws
    {
        let s3 = try await TestS3()
        await s3.keepVersions()
        _ = await s3.setLifecycle(rule(oneDay))
        let version = try #require(await s3.put("a").header("x-amz-version-id"))
        #expect(await s3.pass(days: 2).expired == 1)
        #expect(await s3.pass(days: 9) == LifecycleReport())
        let listed = await s3.send(.GET, "/photos?versions")
        #expect(listed.all("IsLatest") == ["true", "false"])
        #expect(listed.text.contains("<DeleteMarker>"))
        #expect(await s3.send(.GET, "/photos/a?versionId=\(version)").text == "x")
        // The last version gone, the marker is as old as an object is to be.
        _ = await s3.send(.DELETE, "/photos/a?versionId=\(version)")
        #expect(await s3.pass(days: 0).removed == 1)
        #expect(await s3.send(.GET, "/photos?versions").all("IsLatest") == [])
    }

    @Test func `where versions are suspended, the null version makes way for a null marker`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.put("a")
        await s3.keepVersions()
        await s3.keepVersions("Suspended")
        _ = await s3.setLifecycle(rule(oneDay))
        #expect(await s3.pass(days: 2).expired == 1)
        let listed = await s3.send(.GET, "/photos?versions")
        #expect(listed.all("VersionId") == ["null"])
        #expect(listed.text.contains("<DeleteMarker>"))
        // It hides nothing, so it goes too when it is old enough.
        #expect(await s3.pass(days: 2).removed == 1)
    }

    @Test func `versions go so many days after their successors came, and the newest few stay`()
        async throws
    {
        let s3 = try await TestS3()
        await s3.keepVersions()
        _ = await s3.setLifecycle(
            rule(
                """
                <NoncurrentVersionExpiration><NoncurrentDays>5</NoncurrentDays>\
                <NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>
                """
            )
        )
        for number in 0..<6 {
            _ = await s3.put("a", "\(number)")
            s3.time.advance(bySeconds: day)
        }
        // The versions 0, 1, … became noncurrent on day 1, 2, …; those behind the two newest of these may go.
        #expect(await s3.pass(days: 0) == LifecycleReport())
        #expect(await s3.pass(days: 1).removed == 1)
        #expect(await s3.pass(days: 20).removed == 2)
        #expect(await s3.pass(days: 20) == LifecycleReport())
        #expect(
            await s3.send(.GET, "/photos?versions").all("IsLatest") == ["true", "false", "false"]
        )
    }

    @Test func `a marker that hides nothing goes without waiting where a rule says so`()
        async throws
    {
        let s3 = try await TestS3()
        await s3.keepVersions()
        let marker =
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
        let noncurrent =
            "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"
        _ = await s3.setLifecycle(rule(marker, id: "m") + rule(noncurrent, id: "n"))
        _ = await s3.put("a")
        _ = await s3.put("b")
        _ = await s3.send(.DELETE, "/photos/a")
        #expect(await s3.pass(days: 0) == LifecycleReport())
        #expect(await s3.pass(days: 2).removed == 1)
        #expect(await s3.pass(days: 0).removed == 1)
        #expect(await s3.send(.GET, "/photos?versions").all("Key") == ["b"])
    }

    @Test func `a lock keeps a version for as long as it lasts, and not from being hidden`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/vault", headers: ["x-amz-bucket-object-lock-enabled": "true"])
        let retention = """
            <Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2023-12-31T00:00:00Z</RetainUntilDate></Retention>
            """
        for key in ["held", "kept"] { _ = await s3.send(.PUT, "/vault/\(key)", "x") }
        #expect(await s3.send(.PUT, "/vault/kept?retention", retention).status == 200)
        let hold = "<LegalHold><Status>ON</Status></LegalHold>"
        #expect(await s3.send(.PUT, "/vault/held?legal-hold", hold).status == 200)
        let rules = rule(
            oneDay
                + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"
        )
        _ = await s3.send(
            .PUT,
            "/vault?lifecycle",
            "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
        )
        #expect(await s3.pass(days: 2).expired == 2)
        #expect(await s3.pass(days: 9) == LifecycleReport())
        #expect(await s3.pass(days: 60).removed == 1)
        #expect(await s3.send(.GET, "/vault?versions").all("Key") == ["held", "held", "kept"])
    }

    @Test func `an upload that nobody finishes is given up, and one that is finished is not`()
        async throws
    {
        let s3 = try await TestS3()
        let abort = """
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>\
            </AbortIncompleteMultipartUpload>
            """
        _ = await s3.setLifecycle(rule(abort, filter: "<Prefix>up/</Prefix>"))
        var ids: [String] = []
        for key in ["up/a", "up/b", "other"] {
            ids.append(try #require(await s3.send(.POST, "/photos/\(key)?uploads")["UploadId"]))
        }
        let part = await s3.send(.PUT, "/photos/up/b?partNumber=1&uploadId=\(ids[1])", "part")
        let etag = try #require(part.header("ETag"))
        let list = """
            <CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>\
            </CompleteMultipartUpload>
            """
        #expect(await s3.send(.POST, "/photos/up/b?uploadId=\(ids[1])", list).status == 200)
        #expect(await s3.pass(days: 2) == LifecycleReport())
        #expect(await s3.pass(days: 1).aborted == 1)
        #expect(await s3.send(.GET, "/photos/up/a?uploadId=\(ids[0])").errorCode == "NoSuchUpload")
        #expect(await s3.send(.GET, "/photos?uploads").all("Key") == ["other"])
        #expect(await s3.send(.GET, "/photos/up/b").text == "part")
    }

    @Test func `an object cools, is told by its class everywhere, and keeps all else`() async throws
    {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(
            rule(
                """
                <Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition>\
                <Transition><Days>9</Days><StorageClass>GLACIER</StorageClass></Transition>
                """,
                filter: "<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan>"
            )
        )
        let put = await s3.put("a", "body", headers: ["x-amz-meta-who": "Tom"])
        let before = await s3.send(.HEAD, "/photos/a")
        #expect(await s3.pass(days: 2).transitioned == 1)
        let warm = await s3.send(.GET, "/photos/a")
        #expect((warm.text, warm.header("x-amz-storage-class")) == ("body", "STANDARD_IA"))
        #expect(warm.header("ETag") == put.header("ETag"))
        #expect(warm.header("Last-Modified") == before.header("Last-Modified"))
        #expect(warm.header("x-amz-meta-who") == "Tom")
        #expect(await s3.pass(days: 9).transitioned == 1)
        #expect(await s3.pass(days: 9) == LifecycleReport())
        #expect(await s3.send(.GET, "/photos?list-type=2")["StorageClass"] == "GLACIER")
        #expect(await s3.send(.GET, "/photos/a").errorCode == "InvalidObjectState")
    }

    @Test func `versions that are not current cool by their own rule`() async throws {
        let s3 = try await TestS3()
        await s3.keepVersions()
        _ = await s3.setLifecycle(
            rule(
                """
                <NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays>\
                <StorageClass>GLACIER_IR</StorageClass></NoncurrentVersionTransition>
                """,
                filter: "<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan>"
            )
        )
        for body in ["1", "2", "3"] { _ = await s3.put("a", body) }
        #expect(await s3.pass(days: 2).transitioned == 2)
        let listed = await s3.send(.GET, "/photos?versions")
        #expect(listed.all("StorageClass") == ["STANDARD", "GLACIER_IR", "GLACIER_IR"])
    }

    @Test func `thousands of keys are gone through in pages, and the rest of the bucket stays`()
        async throws
    {
        let s3 = try await TestS3()
        let bucket = try s3.store.bucket("photos")
        for number in 0..<2500 {
            let staged = s3.store.stage(sizeHint: 1)
            let new = NewObject(
                key: number % 2 == 0 ? "a/\(number)" : "b/\(number)",
                ownerID: bucket.ownerID
            )
            _ = try await s3.store.put(new, body: try staged.finish(), in: bucket)
        }
        _ = await s3.setLifecycle(rule(oneDay, filter: "<Prefix>a/</Prefix>"))
        #expect(await s3.pass(days: 2).expired == 1250)
        let listed = await s3.send(.GET, "/photos?list-type=2&prefix=a/")
        #expect(listed["KeyCount"] == "0")
        #expect(try s3.store.list(ListQuery(limit: 9999), in: bucket).entries.count == 1250)
    }

    @Test func `a shorter day is for tests that cannot wait`() async throws {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(rule(days(2)))
        let put = await s3.put("a")
        // Replies go on telling what S3 would tell.
        #expect(put.header("x-amz-expiration")?.contains("Fri, 17 Nov 2023 00:00:00 GMT") == true)
        s3.time.advance(bySeconds: 19)
        #expect(await s3.store.runLifecycles(day: .seconds(10)).expired == 0)
        s3.time.advance(bySeconds: 1)
        #expect(await s3.store.runLifecycles(day: .seconds(10)).expired == 1)
    }

    @Test func `a lifecycle that was deleted does nothing, and a bucket made anew has none`()
        async throws
    {
        let s3 = try await TestS3()
        _ = await s3.setLifecycle(rule(oneDay))
        _ = await s3.put("a")
        _ = await s3.send(.DELETE, "/photos?lifecycle")
        #expect(await s3.pass(days: 9) == LifecycleReport())
        _ = await s3.setLifecycle(rule(oneDay))
        _ = await s3.send(.DELETE, "/photos/a")
        #expect(await s3.send(.DELETE, "/photos").status == 204)
        _ = await s3.send(.PUT, "/photos")
        #expect(await s3.send(.GET, "/photos?lifecycle").status == 404)
    }
}
