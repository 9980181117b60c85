import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

@testable import S3Service

/// What is told of which request, to a queue that is read directly.
struct NotificationTests {
    private static let everything = queueRule(
        "s3:ObjectCreated:*",
        "s3:ObjectRemoved:*",
        "s3:ObjectTagging:*",
        "s3:ObjectAcl:Put",
        "s3:ObjectRestore:*",
        "s3:LifecycleExpiration:*",
        "s3:LifecycleTransition"
    )

    private func makeS3(
        _ configuration: ServiceConfiguration = ServiceConfiguration()
    ) async throws
        -> TestS3
    {
        let s3 = try await TestS3(configuration: configuration)
        #expect(await s3.notify(Self.everything).status == 200)
        let test = try #require(try await s3.told().first)
        #expect(test.value(of: "Event") == "s3:TestEvent")
        #expect(test.value(of: "Service") == "Amazon S3" && test.value(of: "Bucket") == "photos")
        return s3
    }

    @Test func `a put is told in S3's own words, byte for byte`() async throws {
        let s3 = try await makeS3()
        let reply = await s3.send(.PUT, "/photos/a%20b/%C3%A9%2B.txt", "hello")
        let told = try #require(try await s3.told().first)
        let sequencer = try #require(told.value(of: "sequencer"))
        let owner = s3.store.directory.rootAccount.canonicalID.prefix(13).uppercased()
        #expect(
            told == """
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1",\
                "eventTime":"2023-11-14T22:13:20.000Z","eventName":"ObjectCreated:Put",\
                "userIdentity":{"principalId":"AWS:000000000000"},\
                "requestParameters":{"sourceIPAddress":"127.0.0.1"},\
                "responseElements":{"x-amz-request-id":"\(reply.header("x-amz-request-id") ?? "")",\
                "x-amz-id-2":"\(reply.header("x-amz-id-2") ?? "")"},\
                "s3":{"s3SchemaVersion":"1.0","configurationId":"r","bucket":{"name":"photos",\
                "ownerIdentity":{"principalId":"A\(owner)"},"arn":"arn:aws:s3:::photos"},\
                "object":{"key":"a+b/%C3%A9%2B.txt","size":5,\
                "eTag":"5d41402abc4b2a76b9719d911017c592","sequencer":"\(sequencer)"}}}]}
                """
        )
        #expect(sequencer.utf8.count == 18)
    }

    @Test func `each way to make an object is an event of its own`() async throws {
        let s3 = try await makeS3()
        _ = await s3.put("a")
        _ = await s3.send(.PUT, "/photos/b", headers: ["x-amz-copy-source": "/photos/a"])
        let begun = await s3.send(.POST, "/photos/c?uploads")
        let id = try #require(begun["UploadId"])
        let part = await s3.send(.PUT, "/photos/c?uploadId=\(id)&partNumber=1", "part")
        let etag = try #require(part.header("ETag"))
        let document =
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(etag)</ETag></Part>"
            + "</CompleteMultipartUpload>"
        for _ in 0..<2 { _ = await s3.send(.POST, "/photos/c?uploadId=\(id)", document) }
        #expect(await s3.post(UploadForm(key: "d").signed()).status == 204)
        #expect(
            try await s3.events() == [
                "ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload",
                "ObjectCreated:Post",
            ]
        )
    }

    @Test func `a deletion is told where there was something to delete`() async throws {
        let s3 = try await makeS3()
        _ = await s3.put("a")
        _ = await s3.send(.DELETE, "/photos/none")
        _ = await s3.send(.DELETE, "/photos/a")
        let told = try await s3.told()
        #expect(
            told.compactMap { $0.value(of: "eventName") } == [
                "ObjectCreated:Put", "ObjectRemoved:Delete",
            ]
        )
        let deletion = try #require(told.last)
        #expect(!deletion.contains("\"size\"") && !deletion.contains("\"eTag\""))
        let order = try told.map { try #require($0.value(of: "sequencer")) }
        #expect(order[0] < order[1])
    }

    @Test func `where versions are kept, a deletion adds a marker or removes a version`()
        async throws
    {
        let s3 = try await makeS3()
        await s3.keepVersions()
        let version = try #require(await s3.put("a").header("x-amz-version-id"))
        let marker = await s3.send(.DELETE, "/photos/a").header("x-amz-version-id")
        _ = await s3.send(.DELETE, "/photos/a?versionId=\(version)")
        let told = try await s3.told()
        #expect(
            told.compactMap { $0.value(of: "eventName") } == [
                "ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated", "ObjectRemoved:Delete",
            ]
        )
        #expect(told.map { $0.value(of: "versionId") } == [version, marker, version])
        #expect(told[1].value(of: "eTag") == "d41d8cd98f00b204e9800998ecf8427e")
    }

    @Test func `a list of deletions is told key by key`() async throws {
        let s3 = try await makeS3()
        for key in ["a", "b"] { _ = await s3.put(key) }
        let document = "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>"
        let md5 = Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))
        let reply = await s3.send(
            .POST,
            "/photos?delete",
            document,
            headers: ["content-md5": md5]
        )
        #expect(reply.status == 200)
        let removed = try await s3.told().filter { $0.contains("ObjectRemoved:Delete") }
        #expect(removed.map { $0.value(of: "key") } == ["a", "b"])
    }

    @Test func `tags are told, put and removed`() async throws {
        let s3 = try await makeS3()
        _ = await s3.put("a")
        let tags = "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"
        _ = await s3.send(.PUT, "/photos/a?tagging", tags)
        _ = await s3.send(.DELETE, "/photos/a?tagging")
        let told = try await s3.told()
        #expect(
            told.compactMap { $0.value(of: "eventName") } == [
                "ObjectCreated:Put", "ObjectTagging:Put", "ObjectTagging:Delete",
            ]
        )
        #expect(told.map { $0.value(of: "eventVersion") } == ["2.1", "2.3", "2.3"])
        #expect(told[1].value(of: "sequencer") == nil)
    }

    @Test func `a list is told where it is another than before`() async throws {
        let s3 = try await makeS3(ServiceConfiguration(bucketDefaults: .legacy))
        _ = await s3.put("a")
        for acl in ["private", "public-read", "public-read"] {
            #expect(await s3.send(.PUT, "/photos/a?acl", headers: ["x-amz-acl": acl]).status == 200)
        }
        #expect(try await s3.events() == ["ObjectCreated:Put", "ObjectAcl:Put"])
    }

    @Test func `a restore begins and is complete at once, and is told twice`() async throws {
        let s3 = try await makeS3()
        _ = await s3.put("a", headers: ["x-amz-storage-class": "GLACIER"])
        let document = "<RestoreRequest><Days>2</Days></RestoreRequest>"
        for _ in 0..<2 { _ = await s3.send(.POST, "/photos/a?restore", document) }
        let told = try await s3.told()
        #expect(
            told.compactMap { $0.value(of: "eventName") } == [
                "ObjectCreated:Put", "ObjectRestore:Post", "ObjectRestore:Completed",
            ]
        )
        #expect(told[2].value(of: "lifecycleRestoreStorageClass") == "GLACIER")
        #expect(told[2].value(of: "lifecycleRestorationExpiryTime") == "2023-11-17T00:00:00.000Z")
    }

    @Test func `what a lifecycle does is told too`() async throws {
        let s3 = try await makeS3()
        let move = "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"
        _ = await s3.setLifecycle(
            rule(move + days(3)),
            headers: [
                "x-amz-transition-default-minimum-object-size": "varies_by_storage_class"
            ]
        )
        _ = await s3.put("a")
        for _ in 0..<2 {
            s3.time.advance(bySeconds: 2 * lifecycleDay)
            await s3.service.runLifecycles()
        }
        let told = try await s3.told()
        #expect(
            told.compactMap { $0.value(of: "eventName") } == [
                "ObjectCreated:Put", "LifecycleTransition", "LifecycleExpiration:Delete",
            ]
        )
        #expect(told[1].value(of: "destinationStorageClass") == "GLACIER")
        #expect(told[1].value(of: "principalId") == "s3.amazonaws.com")
    }

    @Test func `a request that fails is told to nobody, nor one that no rule asks for`()
        async throws
    {
        let s3 = try await TestS3()
        await s3.notify(queueRule("s3:ObjectCreated:*", filter: [("prefix", "in/")]))
        _ = await s3.put("out/a")
        _ = await s3.put("in/a", headers: ["if-match": "\"none\""])
        _ = await s3.put("in/b")
        _ = await s3.send(.DELETE, "/photos/in/b")
        #expect(try await s3.told().dropFirst().map { $0.value(of: "key") } == ["in/b"])
    }

    @Test func `a configuration is answered as it was put, and none is an empty document`()
        async throws
    {
        let s3 = try await TestS3()
        #expect(
            await s3.send(.GET, "/photos?notification").text.hasSuffix(
                "<NotificationConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    + "</NotificationConfiguration>"
            )
        )
        await s3.notify(Self.everything)
        #expect(await s3.send(.GET, "/photos?notification").text.contains(Self.everything))
        await s3.notify()
        #expect(await !s3.send(.GET, "/photos?notification").text.contains("Queue"))
        _ = try await s3.told()
        _ = await s3.put("a")
        #expect(try await s3.told().isEmpty)
    }

    @Test(arguments: [
        ("arn:aws:sqs:us-east-1:000000000000:jobs.fifo", "Unable to validate"),
        ("arn:aws:sqs:us-east-1:999999999999:jobs", "Unable to validate"),
        ("arn:aws:sqs:eu-west-1:000000000000:jobs", "The notification destination service region"),
        ("arn:aws:sns:us-east-1:000000000000:jobs", "The ARN is not well formed"),
        ("http://127.0.0.1:1/", "The ARN is not well formed"),
        ("arn:aws:sqs:us-east-1:000000000000:", "The ARN is not well formed"),
    ])
    func `a destination that is not there is refused`(arn: String, message: String) async throws {
        let s3 = try await TestS3()
        let reply = await s3.notify(queueRule("s3:ObjectCreated:*", arn: arn))
        #expect(reply.status == 400 && reply.errorCode == "InvalidArgument")
        #expect(reply["Message"]?.hasPrefix(message) == true)
        #expect(await !s3.send(.GET, "/photos?notification").text.contains("Queue"))
    }

    @Test func `a topic and a function must be webhooks that were allowed`() async throws {
        let s3 = try await TestS3(configuration: ServiceConfiguration(webhooks: ["hook"]))
        func topic(_ name: String) -> String {
            "<TopicConfiguration><Id>t</Id><Topic>arn:aws:sns:us-east-1:000000000000:\(name)</Topic>"
                + "<Event>s3:ObjectCreated:*</Event></TopicConfiguration>"
        }
        func function(_ name: String) -> String {
            "<CloudFunctionConfiguration><Id>f</Id><CloudFunction>"
                + "arn:aws:lambda:us-east-1:000000000000:function:\(name)</CloudFunction>"
                + "<Event>s3:ObjectRemoved:*</Event></CloudFunctionConfiguration>"
        }
        for rule in [topic("other"), function("other")] {
            let reply = await s3.notify(rule)
            #expect(
                reply["Message"] == "Unable to validate the following destination configurations"
            )
        }
        #expect(await s3.notify(topic("hook"), function("hook")).status == 200)
        // A function is not called for a test.
        #expect(try await s3.told("webhook:hook").count == 1)
        _ = await s3.put("a")
        _ = await s3.send(.DELETE, "/photos/a")
        #expect(
            try await s3.events("webhook:hook") == ["ObjectCreated:Put", "ObjectRemoved:Delete"]
        )
        let skipping = await s3.notify(
            topic("other"),
            headers: ["x-amz-skip-destination-validation": "true"]
        )
        #expect(skipping.status == 200)
        _ = await s3.put("b")
        #expect(try await s3.told("webhook:other").isEmpty)
    }

    @Test func `EventBridge is told everything, in its own form`() async throws {
        let s3 = try await TestS3()
        await s3.notify("<EventBridgeConfiguration/>")
        await s3.keepVersions()
        _ = await s3.put("a b")
        _ = await s3.send(.DELETE, "/photos/a%20b")
        let told = try await s3.told("arn:aws:sqs:us-east-1:000000000000:eventbridge")
        #expect(
            told.compactMap { $0.value(of: "detail-type") } == ["Object Created", "Object Deleted"]
        )
        #expect(told[0].value(of: "time") == "2023-11-14T22:13:20Z")
        #expect(told[0].value(of: "key") == "a b" && told[0].value(of: "reason") == "PutObject")
        #expect(told[1].value(of: "deletion-type") == "Delete Marker Created")
        #expect(told[0].value(of: "id") != told[1].value(of: "id"))
    }

    @Test func `each side of a configuration needs its permission`() async throws {
        let s3 = try await TestS3()
        let reader = try await s3.user("reader", policy: "AmazonS3ReadOnlyAccess")
        #expect(await s3.send(.GET, "/photos?notification", as: reader).status == 200)
        let reply = await s3.send(
            .PUT,
            "/photos?notification",
            "<NotificationConfiguration/>",
            as: reader
        )
        #expect(reply.errorCode == "AccessDenied")
    }
}
