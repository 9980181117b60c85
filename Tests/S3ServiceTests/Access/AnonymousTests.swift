import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Synchronization
import Testing

@Suite struct AnonymousTests {
    @Test func `who does not sign reads and lists what a policy opens, and nothing else`()
        async throws
    {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/a", "meow")
        _ = await s3.allow(
            statement("s3:GetObject") + ","
                + statement("s3:ListBucket", "photos").replacing("Said", with: "L")
        )

        #expect(await s3.anonymous(.GET, "/photos/a").text == "meow")
        #expect(await s3.anonymous(.HEAD, "/photos/a").status == 200)
        #expect(await s3.anonymous(.GET, "/photos?list-type=2")["Key"] == "a")
        #expect(await s3.anonymous(.GET, "/photos/none").errorCode == "NoSuchKey")
        #expect(await s3.anonymous(.PUT, "/photos/a", "x").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.DELETE, "/photos/a").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.GET, "/photos/a?tagging").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.GET, "/photos?policy").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.GET, "/").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.PUT, "/mine").errorCode == "AccessDenied")
        #expect(await s3.anonymous(.GET, "/nowhere/a").errorCode == "NoSuchBucket")
        #expect(await s3.send(.GET, "/photos/a").text == "meow")
    }

    @Test func `what an unsigned upload leaves belongs to the bucket's owner`() async throws {
        let s3 = try await TestS3()
        let open =
            #"{"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::photos/drop/*"}"#
        #expect(await s3.send(.DELETE, "/photos?publicAccessBlock").status == 204)
        #expect(await s3.allow(open).status == 204)

        #expect(await s3.anonymous(.PUT, "/photos/drop/a", "x").status == 200)
        #expect(await s3.anonymous(.PUT, "/photos/b", "x").status == 403)
        #expect(await s3.anonymous(.GET, "/photos/drop/a").status == 403)
        let list = await s3.send(.GET, "/photos")
        #expect(list.all("ID") == [s3.store.directory.rootAccount.canonicalID])
        #expect(await s3.send(.GET, "/photos/drop/a").text == "x")
    }

    @Test func `a form needs no signature where the bucket's policy lets everybody write`()
        async throws
    {
        let s3 = try await TestS3()
        #expect(await s3.post(UploadForm()).errorCode == "AccessDenied")
        #expect(await s3.send(.DELETE, "/photos?publicAccessBlock").status == 204)
        _ = await s3.allow(statement("s3:PutObject"))

        #expect(await s3.post(UploadForm()).status == 204)
        #expect(await s3.send(.GET, "/photos/cat.jpg").text == "meow")
        #expect(await s3.post(UploadForm(key: "dog.jpg", ["tagging": "<x/>"])).status == 400)
    }

    /// DNS rebinding: a page points a name of its own at this machine, and its scripts read the answers.
    @Test(arguments: [
        ("127.0.0.1:9000", 200), ("[::1]:9000", 200), ("192.168.1.2", 200), ("localhost", 200),
        ("s3.localhost:9000", 200), ("evil.example", 403), ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403), ("", 403), ("1.2.3.4.5", 403),
    ])
    func `an unsigned request must call this server by a name that it has`(
        host: String,
        status: Int
    )
        async throws
    {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("s3:GetObject"))

        #expect(await s3.anonymous(.GET, "/photos/a", host: host).status == status)
    }

    @Test func `names of one's own are known`() async throws {
        let s3 = try await TestS3(
            configuration: ServiceConfiguration(
                domains: ["media.example"],
                aliases: ["s3:9000"],
                bucketDefaults: .legacy
            )
        )
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("s3:GetObject"))

        #expect(await s3.anonymous(.GET, "/photos/a", host: "media.example").status == 200)
        #expect(await s3.anonymous(.GET, "/a", host: "photos.media.example:9000").status == 200)
        #expect(await s3.anonymous(.GET, "/photos/a", host: "s3:9000").status == 200)
        // A signature covers the host, so a signed request may come under any.
        #expect(await s3.send(.GET, "/photos/a", host: "elsewhere.example").status == 200)
    }

    @Test func `the headers of an answer are changed for those who sign alone`() async throws {
        let s3 = try await TestS3.legacy()
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("s3:GetObject"))
        let target = "/photos/a?response-content-type=text%2Fhtml"

        let reply = await s3.anonymous(.GET, target)
        #expect(reply.status == 400)
        #expect(reply.errorCode == "InvalidRequest")
        #expect(await s3.send(.GET, target).header("Content-Type") == "text/html")
    }

    @Test func `the log says why, and the answer does not`() async throws {
        let reasons = Mutex<[String]>([])
        let s3 = try await TestS3.legacy { entry in
            reasons.withLock { $0.append(entry.reason ?? "") }
        }
        _ = await s3.send(.PUT, "/photos/a", "x")
        _ = await s3.allow(statement("Deny", nil, "s3:GetObject"))
        let reply = await s3.anonymous(.GET, "/photos/a")

        #expect(reply["Message"] == "Access Denied")
        #expect(
            reasons.withLock { $0.last } == """
                s3:GetObject on arn:aws:s3:::photos/a by anonymous: denied by statement Said (Deny \
                s3:GetObject) of a resource-based policy
                """
        )
    }
}
