import Digests
import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@testable import S3Service

/// Logs that are delivered, and where and to whom they are not.
struct AccessLogTests {
    private let s3: TestS3

    init() async throws { s3 = try await TestS3(buckets: ["photos", "logs"]) }

    @discardableResult
    private func log(
        _ bucket: String = "photos",
        to target: String = "logs",
        more: String = ""
    ) async -> Reply {
        await s3.send(
            .PUT,
            "/\(bucket)?logging",
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>\(target)</TargetBucket>\(more)"
                + "<TargetPrefix>p/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
        )
    }

    private func permit(
        _ effect: String = "Allow",
        on target: String = "logs",
        condition: String = ""
    ) async {
        let reply = await s3.send(
            .PUT,
            "/\(target)?policy",
            #"{"Version":"2012-10-17","Statement":[{"Effect":"\#(effect)","Principal":{"Service":"#
                + #""logging.s3.amazonaws.com"},"Action":"s3:PutObject","#
                + #""Resource":"arn:aws:s3:::\#(target)/p/*"\#(condition)}]}"#
        )
        #expect(reply.status == 204)
    }

    /// Delivers what waits, and answers the lines in the target.
    private func delivered(_ target: String = "logs") async -> [String] {
        await s3.service.deliverLogs()
        var lines: [String] = []
        for key in await s3.send(.GET, "/\(target)?list-type=2&prefix=p/").all("Key") {
            lines += await s3.send(.GET, "/\(target)/\(key)").text.split(separator: "\n").map(
                String.init
            )
        }
        return lines
    }

    private func operations(_ lines: [String]) -> [String] {
        lines.map { String($0.split(separator: " ")[7]) }
    }

    @Test func `requests are told one by one, with what was sent and how large it is`() async throws
    {
        await log()
        await permit()
        _ = await s3.put(
            "a%20b",
            "hello",
            headers: ["user-agent": "Agent/1", "referer": "http://r/"]
        )
        _ = await s3.send(.GET, "/photos/a%20b", headers: ["range": "bytes=1-2"])
        let missing = await s3.send(.GET, "/photos/none")
        _ = await s3.send(.GET, "/logs?list-type=2")
        let lines = await delivered()
        let owner = s3.store.directory.rootAccount.canonicalID
        #expect(
            operations(lines) == [
                "REST.PUT.LOGGING_STATUS", "REST.PUT.OBJECT", "REST.GET.OBJECT", "REST.GET.OBJECT",
            ]
        )
        let put = try #require(lines.dropFirst().first)
        #expect(
            put.hasPrefix(
                "\(owner) photos [14/Nov/2023:22:13:20 +0000] 127.0.0.1 \(owner) "
            )
        )
        #expect(put.contains(" REST.PUT.OBJECT a%20b \"PUT /photos/a%20b HTTP/1.1\" 200 - - 5 "))
        #expect(put.contains(" \"http://r/\" \"Agent/1\" - "))
        #expect(put.hasSuffix(" SigV4 - AuthHeader 127.0.0.1:9000 - - - -"))
        #expect(lines[2].contains("\" 206 - 2 5 "))
        #expect(lines[3].contains("\" 404 NoSuchKey \(missing.body.count) - "))
        #expect(lines[3].contains(missing.header("x-amz-request-id") ?? "?"))
    }

    @Test func `a log object is the target's owner's, and is told of like any other`() async throws
    {
        await log()
        await permit()
        await s3.service.deliverLogs()
        let key = try #require(await s3.send(.GET, "/logs?list-type=2").all("Key").first)
        let object = await s3.send(.GET, "/logs/\(key)")
        #expect(object.header("content-type") == "text/plain")
        let stored = try #require(try s3.store.object(key, in: s3.store.bucket("logs")))
        #expect(stored.ownerID == s3.store.directory.rootAccount.id)
    }

    @Test func `a bucket whose log is its own is not filled by its own log`() async throws {
        await log(to: "photos")
        await permit(on: "photos")
        let first = await delivered("photos")
        #expect(operations(first).contains("REST.PUT.LOGGING_STATUS"))
        // Reading the log was logged; delivering it was not.
        await s3.service.deliverLogs()
        let count = await s3.send(.GET, "/photos?list-type=2").all("Key").count
        await s3.service.deliverLogs()
        await s3.service.deliverLogs()
        let lines = await delivered("photos")
        #expect(!operations(lines).contains("REST.PUT.OBJECT"))
        #expect(await s3.send(.GET, "/photos?list-type=2").all("Key").count == count + 1)
    }

    @Test func `a copy is told in the log of its source too, and each key of a list of deletions`()
        async throws
    {
        await log()
        await permit()
        _ = await s3.put("a")
        _ = await s3.send(.PUT, "/logs/other", headers: ["x-amz-copy-source": "/photos/a"])
        _ = await s3.send(.PUT, "/photos/c", headers: ["x-amz-copy-source": "/photos/a"])
        let document = "<Delete><Object><Key>a</Key></Object><Object><Key>c</Key></Object></Delete>"
        let md5 = Base64.encode(HashFunction.hash(.md5, Array(document.utf8)))
        _ = await s3.send(.POST, "/photos?delete", document, headers: ["content-md5": md5])
        let lines = await delivered()
        #expect(
            operations(lines).dropFirst(2) == [
                "REST.COPY.OBJECT_GET", "REST.COPY.OBJECT", "REST.COPY.OBJECT_GET",
                "REST.POST.MULTI_OBJECT_DELETE", "BATCH.DELETE.OBJECT", "BATCH.DELETE.OBJECT",
            ]
        )
        #expect(lines[2].contains(" REST.COPY.OBJECT_GET a "))
        #expect(lines.last?.contains(" BATCH.DELETE.OBJECT c ") == true)
        #expect(lines.last?.contains("\" 204 - - ") == true)
    }

    @Test func `who asked, and how it was signed`() async throws {
        await log()
        await permit()
        let alice = try await s3.user("alice", policy: "AmazonS3FullAccess")
        _ = await s3.send(.GET, "/photos/a", as: alice)
        _ = await s3.raw(.init(method: .GET, target: "/photos/a", headers: ["host": "127.0.0.1"]))
        let lines = await delivered()
        #expect(lines[1].contains(" arn:aws:iam::000000000000:user/alice "))
        #expect(lines[2].contains("] 127.0.0.1 - ") && lines[2].contains(" 403 AccessDenied "))
        #expect(lines[2].hasSuffix(" - - - 127.0.0.1 - - - -"))
    }

    @Test func `a form tells the page that it was on and the browser`() async throws {
        await permit()
        await log()
        let headers: HTTPHeaders = [
            "Referer": "https://site.example/up", "User-Agent": "Browser/1",
        ]
        #expect(await s3.post(UploadForm().signed(), headers: headers).status == 204)
        let line = try #require(await delivered().last)
        #expect(line.contains(#" "https://site.example/up" "Browser/1" "#))
    }

    @Test(arguments: [
        ("", true), (#","Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"}}"#, true),
        (#","Condition":{"StringEquals":{"aws:SourceAccount":"999999999999"}}"#, false),
        (#","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::photos"}}"#, true),
        (#","Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::other"}}"#, false),
    ])
    func `the target's policy must let the service of logs write, for this source`(
        condition: String,
        isAllowed: Bool
    ) async {
        await log()
        await permit(condition: condition)
        #expect(await delivered().isEmpty == !isAllowed)
    }

    @Test func `without a permission nothing is delivered, and nothing later`() async {
        await log()
        #expect(await delivered().isEmpty)
        await permit("Deny")
        #expect(await delivered().isEmpty)
        await permit()
        #expect(await delivered().isEmpty)
    }

    @Test func `the group of log delivery may be let in by the target's list`() async throws {
        let s3 = try await TestS3(
            buckets: ["photos", "logs"],
            configuration: ServiceConfiguration(bucketDefaults: .legacy)
        )
        let root = s3.store.directory.rootAccount
        _ = await s3.send(.PUT, "/logs?acl", headers: ["x-amz-acl": "log-delivery-write"])
        let grant = """
            <TargetGrants><Grant>\
            <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">\
            <URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>\
            <Permission>READ</Permission></Grant></TargetGrants>
            """
        let put = await s3.send(
            .PUT,
            "/photos?logging",
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket>\(grant)"
                + "<TargetPrefix>p/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
        )
        #expect(put.status == 200)
        #expect(await s3.send(.GET, "/photos?logging").text.contains(grant))
        await s3.service.deliverLogs()
        let key = try #require(await s3.send(.GET, "/logs?list-type=2").all("Key").first)
        let list = await s3.send(.GET, "/logs/\(key)?acl")
        #expect(list.all("Permission") == ["FULL_CONTROL", "READ"])
        #expect(list["ID"] == root.canonicalID)
    }

    @Test func `what only a list allows needed one`() async throws {
        let s3 = try await TestS3(
            buckets: ["photos", "logs"],
            configuration: ServiceConfiguration(bucketDefaults: .legacy)
        )
        _ = await s3.send(.PUT, "/logs?acl", headers: ["x-amz-acl": "log-delivery-write"])
        _ = await s3.put("a", headers: ["x-amz-acl": "public-read"])
        _ = await s3.send(
            .PUT,
            "/photos?logging",
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket>"
                + "<TargetPrefix>p/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>"
        )
        _ = await s3.raw(.init(method: .GET, target: "/photos/a", headers: ["host": "127.0.0.1"]))
        _ = await s3.send(.GET, "/photos/a")
        await s3.service.deliverLogs()
        let key = try #require(await s3.send(.GET, "/logs?list-type=2").all("Key").first)
        let lines = await s3.send(.GET, "/logs/\(key)").text.split(separator: "\n")
        #expect(lines.map { $0.hasSuffix(" - Yes -") } == [false, true, false])
    }

    @Test func `a target that is gone, is another's or lies elsewhere is refused`() async throws {
        #expect(await log(to: "none").errorCode == "InvalidTargetBucketForLogging")
        let other = try await s3.user("o", account: "other", policy: "AmazonS3FullAccess")
        #expect(await s3.send(.PUT, "/others", as: other).status == 200)
        #expect(await log(to: "others").errorCode == "InvalidTargetBucketForLogging")
        let europe =
            "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>"
            + "</CreateBucketConfiguration>"
        #expect(await s3.send(.PUT, "/europe", europe).status == 200)
        let elsewhere = await log(to: "europe")
        #expect(elsewhere.status == 403 && elsewhere.errorCode == "CrossLocationLoggingProhibitted")
    }

    @Test(arguments: [
        "<TargetObjectKeyFormat/>",
        "<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>x</PartitionDateSource>"
            + "</PartitionedPrefix></TargetObjectKeyFormat>",
        "<TargetObjectKeyFormat><SimplePrefix/><PartitionedPrefix/></TargetObjectKeyFormat>",
    ])
    func `a format that is none is malformed`(format: String) async {
        #expect(await log(more: format).errorCode == "MalformedXML")
    }

    @Test func `grants are refused where the target has no lists`() async {
        let id = s3.store.directory.rootAccount.canonicalID
        let grants = """
            <TargetGrants><Grant><Grantee><ID>\(id)</ID></Grantee><Permission>READ</Permission></Grant>\
            </TargetGrants>
            """
        #expect(await log(more: grants).errorCode == "AccessControlListNotSupported")
    }

    @Test func `logging is answered as it was put, and ends with an empty document`() async {
        let format =
            "<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>EventTime"
            + "</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>"
        #expect(await log(more: format).status == 200)
        let told = await s3.send(.GET, "/photos?logging").text
        #expect(
            told.contains(
                "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>p/</TargetPrefix>"
                    + "\(format)</LoggingEnabled>"
            )
        )
        #expect(await s3.send(.PUT, "/photos?logging", "<BucketLoggingStatus/>").status == 200)
        #expect(await !s3.send(.GET, "/photos?logging").text.contains("LoggingEnabled"))
        await permit()
        #expect(await delivered().count == 2)
    }

    @Test func `a log is encrypted as its bucket says, and not delivered under a key of KMS`() async
    {
        await log()
        await permit()
        func encrypt(_ algorithm: String) async {
            let reply = await s3.send(
                .PUT,
                "/logs?encryption",
                "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                    + "<SSEAlgorithm>\(algorithm)</SSEAlgorithm></ApplyServerSideEncryptionByDefault>"
                    + "</Rule></ServerSideEncryptionConfiguration>"
            )
            #expect(reply.status == 200)
        }
        await encrypt("aws:kms")
        #expect(await delivered().isEmpty)
        await encrypt("AES256")
        _ = await s3.put("a")
        #expect(await delivered().count == 1)
    }

    @Test func `logs are delivered at once to whoever has the root key`() async throws {
        await log()
        await permit()
        let alice = try await s3.user("alice", policy: "AmazonS3FullAccess")
        #expect(await s3.send(.POST, "/_pail/logs/deliver", as: alice).status == 403)
        #expect(await s3.send(.POST, "/_pail/logs/deliver").status == 204)
        #expect(await s3.send(.GET, "/logs?list-type=2").all("Key").count == 1)
    }
}
