import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol
import S3Service
import Signing
import TestSupport
import Testing

/// What the client puts right by itself: its clock, the region, credentials that have ended.
@Suite struct CorrectionTests {
    @Test(arguments: [-7200, 7200] as [Int64])
    func `a clock that is wrong is corrected once, and remembered`(seconds: Int64) async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport)
        let client = S3Client(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:9000"),
            credentials: StaticCredentials(InProcessS3.root),
            transport: faulty,
            time: ManualTime(s3.time.now().advanced(bySeconds: seconds))
        )
        _ = try await client.listBuckets()
        #expect(faulty.sent.count == 2)
        _ = try await client.listBuckets()
        #expect(faulty.sent.count == 3)
        // URLs are signed by the corrected clock too.
        let url = try client.presign(.GET, bucket: "photos", key: "k")
        #expect(url.contains("X-Amz-Date=\(ISO8601.formatBasic(s3.time.now()))"))
    }

    @Test func `a HEAD does not say why, and corrects the clock nevertheless`() async throws {
        let s3 = try await InProcessS3()
        let client = S3Client(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:9000"),
            credentials: StaticCredentials(InProcessS3.root),
            transport: s3.transport,
            time: ManualTime(s3.time.now().advanced(bySeconds: 3600))
        )
        _ = try await client.headBucket("photos")
    }

    @Test func `the wrong region is corrected from the refusal, once for all`() async throws {
        let s3 = try await InProcessS3(
            configuration: ServiceConfiguration(region: "eu-north-1", isStrict: true)
        )
        let faulty = FaultyTransport(s3.transport)
        let client = try s3.client(over: faulty)
        for _ in 1...2 { _ = try await client.listObjects(bucket: "photos") }
        #expect(faulty.sent.count == 3)
        let scopes = faulty.sent.compactMap { $0.header("Authorization") }
        #expect(scopes[0].contains("/us-east-1/s3/"))
        #expect(scopes[1].contains("/eu-north-1/s3/"))
    }

    @Test(arguments: [
        (301, "<Error><Code>PermanentRedirect</Code></Error>", "x-amz-bucket-region"),
        (307, "<Error><Code>TemporaryRedirect</Code></Error>", "x-amz-bucket-region"),
        (
            400,
            """
            <Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>
            """, ""
        ),
    ])
    func `a redirect to another region of Amazon's goes to its host`(
        status: Int,
        document: String,
        header: String
    ) async throws {
        let s3 = try await InProcessS3(configuration: ServiceConfiguration(region: "eu-west-1"))
        let faulty = FaultyTransport(s3.transport) { place, _ in
            let headers: HTTPHeaders = header.isEmpty ? [:] : ["x-amz-bucket-region": "eu-west-1"]
            return place == 0
                ? .answer(.init(statusCode: status), headers, document)
                : .answer(.ok, [:], "<ListBucketResult></ListBucketResult>")
        }
        let client = try s3.client(over: faulty, at: S3Endpoint(region: "us-east-2"))
        _ = try await client.listObjects(bucket: "photos")
        #expect(
            faulty.sent.map(\.origin.host) == [
                "photos.s3.us-east-2.amazonaws.com", "photos.s3.eu-west-1.amazonaws.com",
            ]
        )
        #expect(try client.publicURL(bucket: "photos", key: "k").contains("eu-west-1"))
    }

    @Test func `a region that is none is not followed`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in
            .answer(.movedPermanently, ["x-amz-bucket-region": "evil.example/"], "")
        }
        let client = try s3.client(over: faulty, at: S3Endpoint(region: "us-east-2"))
        await #expect(throws: S3ClientError.self) {
            _ = try await client.listObjects(bucket: "photos")
        }
        #expect(faulty.sent.count == 1)
    }

    @Test func `two regions that send to each other are followed once`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { place, _ in
            let region = place.isMultiple(of: 2) ? "eu-west-1" : "us-east-2"
            return .answer(.movedPermanently, ["x-amz-bucket-region": region], "")
        }
        let client = try s3.client(over: faulty, at: S3Endpoint(region: "us-east-2"))
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await client.listObjects(bucket: "photos")
        }
        #expect(error?.status == 301)
        #expect(faulty.sent.count == 2)
    }

    @Test func `a refused signature is explained with what the service signed`() async throws {
        let s3 = try await InProcessS3()
        let wrong = StaticCredentials(accessKey: "AKIAROOT", secret: "wrong")
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await s3.client(as: wrong).listObjects(bucket: "photos")
        }
        #expect(error?.code == "SignatureDoesNotMatch")
        #expect(error?.status == 403)
        #expect(error?.requestID.isEmpty == false)
        #expect(error?.hostID.isEmpty == false)
        #expect(error?.detail("StringToSign")?.hasPrefix("AWS4-HMAC-SHA256") == true)
        #expect(error?.advice.contains("AWS_SECRET_ACCESS_KEY") == true)
        #expect(error.map { "\($0)".contains("wrong") } == false)
    }
}
