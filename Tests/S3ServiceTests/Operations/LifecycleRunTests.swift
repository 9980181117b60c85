import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

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
            s3.time.advance(bySeconds: lifecycleDay)
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
        #expect(await s3.putWithMD5("/vault/kept?retention", retention).status == 200)
        let hold = "<LegalHold><Status>ON</Status></LegalHold>"
        #expect(await s3.putWithMD5("/vault/held?legal-hold", hold).status == 200)
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
                <Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>\
                <Transition><Days>39</Days><StorageClass>GLACIER</StorageClass></Transition>
                """,
                filter: "<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan>"
            )
        )
        let put = await s3.put("a", "body", headers: ["x-amz-meta-who": "Tom"])
        let before = await s3.send(.HEAD, "/photos/a")
        #expect(await s3.pass(days: 31).transitioned == 1)
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
