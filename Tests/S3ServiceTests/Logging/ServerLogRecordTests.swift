import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

@testable import S3Service

struct ServerLogRecordTests {
    @Test func `a record without anything is all dashes`() {
        let line = ServerLogRecord().line
        #expect(line.hasSuffix("\n"))
        #expect(
            line
                == "  [01/Jan/1970:00:00:00 +0000] - - -  - \"-\" - - - - - - \"-\" \"-\" - - - - - - - - - -\n"
        )
    }

    @Test func `the fields stand in S3's order`() {
        var record = ServerLogRecord()
        record.bucketOwner = "owner"
        record.bucket = "photos"
        record.time = Timestamp(seconds: 1_549_411_238)
        record.remoteAddress = "192.0.2.3"
        record.requester = "requester"
        record.requestID = "3E57427F3EXAMPLE"
        record.operation = "REST.GET.OBJECT"
        record.key = "a b/\u{E9}\"+.jpg"
        record.requestURI = "GET /photos/a%20b HTTP/1.1"
        record.status = 206
        record.errorCode = "NoSuchKey"
        record.bytesSent = 113
        record.objectSize = 2000
        record.totalTime = 7
        record.turnAroundTime = 5
        record.referrer = "http://a.example/\"x\""
        record.userAgent = "Agent/1.0\n[forged] \u{E9}"
        record.versionID = "v1"
        record.hostID = "host"
        record.signatureVersion = "SigV4"
        record.cipherSuite = "cipher"
        record.authentication = "AuthHeader"
        record.host = "s3.localhost:9000"
        record.tlsVersion = "TLSv1.3"
        record.neededList = true
        #expect(
            record.line == """
                owner photos [06/Feb/2019:00:00:38 +0000] 192.0.2.3 requester 3E57427F3EXAMPLE \
                REST.GET.OBJECT a%20b/%C3%A9%22%2B.jpg "GET /photos/a%20b HTTP/1.1" 206 NoSuchKey 113 \
                2000 7 5 "http://a.example/%22x%22" "Agent/1.0%0A[forged] %C3%A9" v1 host SigV4 cipher \
                AuthHeader s3.localhost:9000 TLSv1.3 - Yes -

                """
        )
    }

    private static let partitioned = "<PartitionedPrefix><PartitionDateSource>"

    @Test(arguments: [
        ("", "p/2023-11-14-22-13-20-"),
        ("<SimplePrefix/>", "p/2023-11-14-22-13-20-"),
        (
            "\(partitioned)DeliveryTime</PartitionDateSource></PartitionedPrefix>",
            "p/000000000000/us-east-1/photos/2023/11/14/2023-11-14-22-13-20-"
        ),
        ("<PartitionedPrefix/>", "p/000000000000/us-east-1/photos/2023/11/14/2023-11-14-22-13-20-"),
        (
            "\(partitioned)EventTime</PartitionDateSource></PartitionedPrefix>",
            "p/000000000000/us-east-1/photos/2023/11/13/2023-11-13-00-00-00-"
        ),
    ])
    func `a log object is named by S3's rule`(format: String, start: String) async throws {
        let s3 = try await TestS3()
        let element =
            format.isEmpty ? "" : "<TargetObjectKeyFormat>\(format)</TargetObjectKeyFormat>"
        let document = """
            <BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket>\
            <TargetPrefix>p/</TargetPrefix>\(element)</LoggingEnabled></BucketLoggingStatus>
            """
        let configuration = try #require(
            try LoggingConfiguration(document: document.utf8, s3.store.directory)
        )
        let day: Int64 = 86_400
        let subject = LogSubject(
            try s3.store.bucket("photos"),
            configuration,
            at: TestS3.start.advanced(bySeconds: -day)
        )
        let key = LogKey.make(
            subject,
            account: "000000000000",
            at: TestS3.start,
            random: s3.store.random
        )
        #expect(key.hasPrefix(start))
        #expect(key.dropFirst(start.count).count == 16)
        #expect(key.dropFirst(start.count).allSatisfy { $0.isHexDigit && !$0.isLowercase })
    }

    @Test(arguments: [
        ("PUT", "/b/k", "REST.PUT.OBJECT"), ("GET", "/b/k?versionId=x", "REST.GET.OBJECT"),
        ("HEAD", "/b/k?partNumber=1", "REST.HEAD.OBJECT"), ("DELETE", "/b/k", "REST.DELETE.OBJECT"),
        ("GET", "/b?list-type=2", "REST.GET.BUCKET"), ("PUT", "/b", "REST.PUT.BUCKET"),
        ("POST", "/b", "REST.POST.OBJECT"), ("POST", "/b?delete", "REST.POST.MULTI_OBJECT_DELETE"),
        ("GET", "/b?versioning", "REST.GET.VERSIONING"),
        ("GET", "/b?policy", "REST.GET.BUCKETPOLICY"),
        ("GET", "/b?logging", "REST.GET.LOGGING_STATUS"),
        ("GET", "/b?versions", "REST.GET.BUCKETVERSIONS"),
        ("PUT", "/b?notification", "REST.PUT.NOTIFICATION"),
        ("GET", "/b?uploads", "REST.GET.UPLOADS"),
        ("POST", "/b/k?uploads", "REST.POST.UPLOADS"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", "REST.PUT.PART"),
        ("POST", "/b/k?uploadId=u", "REST.POST.UPLOAD"),
        ("GET", "/b/k?uploadId=u", "REST.GET.UPLOAD"),
        ("DELETE", "/b/k?uploadId=u", "REST.DELETE.UPLOAD"),
        ("GET", "/b/k?tagging", "REST.GET.OBJECT_TAGGING"),
        ("GET", "/b?tagging", "REST.GET.TAGGING"),
        ("PUT", "/b/k?acl", "REST.PUT.ACL"), ("OPTIONS", "/b/k", "REST.OPTIONS.PREFLIGHT"),
        ("PUT", "/b?intelligent-tiering", "REST.PUT.INTELLIGENT_TIERING"),
    ])
    func `an operation goes by S3's name for it`(
        method: String,
        target: String,
        name: String
    ) throws {
        let request = try S3Request(
            .init(method: HTTPMethod(rawValue: method), target: target),
            addressing: Addressing(domains: [])
        )
        #expect(LoggedOperation.name(of: request) == name)
    }

    @Test(arguments: [
        ("/b/k", "REST.COPY.OBJECT"), ("/b/k?partNumber=1&uploadId=u", "REST.COPY.PART"),
    ])
    func `a copy is a copy`(target: String, name: String) throws {
        let request = try S3Request(
            .init(method: .PUT, target: target, headers: ["x-amz-copy-source": "/b/s"]),
            addressing: Addressing(domains: [])
        )
        #expect(LoggedOperation.name(of: request) == name)
    }
}
