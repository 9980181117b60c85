import NIOHTTP1
import Testing

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
