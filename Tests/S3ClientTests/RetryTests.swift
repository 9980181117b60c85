import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol
import Synchronization
import TestSupport
import Testing

@Suite struct RetryTests {
    private func put(
        _ client: S3Client,
        _ body: RequestBody = .bytes(ByteBuffer(string: "hello"))
    ) async throws {
        _ = try await client.putObject(bucket: "photos", key: "k", body: body)
    }

    @discardableResult
    private func putIfAbsent(_ client: S3Client) async throws -> PutResult {
        try await client.putObject(
            bucket: "photos",
            key: "k",
            body: .bytes(ByteBuffer(string: "hello")),
            condition: .ifAbsent
        )
    }

    @Test(arguments: [
        (500, "InternalError"), (502, ""), (503, "SlowDown"), (503, ""), (504, ""),
        (400, "RequestTimeout"),
    ])
    func `what may pass is tried again`(status: Int, code: String) async throws {
        let s3 = try await InProcessS3()
        let document = code.isEmpty ? "<html>" : "<Error><Code>\(code)</Code></Error>"
        let faulty = FaultyTransport(s3.transport) { place, _ in
            place < 2 ? .answer(.init(statusCode: status), [:], document) : nil
        }
        try await put(s3.client(over: faulty))
        #expect(faulty.sent.count == 3)
    }

    @Test(arguments: [
        (400, "InvalidArgument"), (403, "AccessDenied"), (404, "NoSuchBucket"),
        (501, "NotImplemented"),
    ])
    func `what will not pass is not tried again`(status: Int, code: String) async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in
            .answer(.init(statusCode: status), [:], "<Error><Code>\(code)</Code></Error>")
        }
        let error = await #expect(throws: S3ClientError.self) {
            try await put(s3.client(over: faulty))
        }
        #expect(error?.code == code)
        #expect(faulty.sent.count == 1)
    }

    @Test func `an error without a document that can be read is told by its status`() async throws {
        let s3 = try await InProcessS3()
        let page = String(repeating: "x", count: 300 << 10)
        let faulty = FaultyTransport(s3.transport) { _, _ in .answer(.forbidden, [:], page) }
        let error = await #expect(throws: S3ClientError.self) {
            try await put(s3.client(over: faulty))
        }
        #expect(error?.kind == .service)
        #expect(error?.status == 403)
    }

    @Test func `a connection that breaks before or after is tried again, with the same bytes`()
        async throws
    {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { place, _ in
            [0: .refuse, 1: .loseReply][place]
        }
        let client = try s3.client(over: faulty)
        try await put(client)
        #expect(faulty.sent.count == 3)
        let got = try await client.getObject(bucket: "photos", key: "k")
        #expect(try await got.body.all() == ByteBuffer(string: "hello"))
    }

    @Test func `a write that finds itself there after its reply was lost has succeeded`()
        async throws
    {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { place, _ in place == 0 ? .loseReply : nil }
        let client = try s3.client(over: faulty)
        let put = try await putIfAbsent(client)
        #expect(faulty.sent.map(\.request.method) == [.PUT, .PUT, .HEAD])
        #expect(put.etag == "5d41402abc4b2a76b9719d911017c592")
        #expect(put.size == 5)
        #expect(put.checksum != nil)
    }

    @Test(arguments: ["HELLO", "hello!"])
    func `a write that finds another's bytes there after a failure has failed`(
        other: String
    ) async throws {
        let s3 = try await InProcessS3()
        try await put(s3.client(), .bytes(ByteBuffer(string: other)))
        let faulty = FaultyTransport(s3.transport) { place, _ in place == 0 ? .refuse : nil }
        let error = await #expect(throws: S3ClientError.self) {
            try await putIfAbsent(s3.client(over: faulty))
        }
        #expect(error?.isConditionFailed == true)
    }

    @Test func `a write that was never in doubt fails where the same bytes are there`()
        async throws
    {
        let s3 = try await InProcessS3()
        try await put(s3.client())
        let faulty = FaultyTransport(s3.transport)
        let error = await #expect(throws: S3ClientError.self) {
            try await putIfAbsent(s3.client(over: faulty))
        }
        #expect(error?.isConditionFailed == true)
        #expect(faulty.sent.count == 1)
    }

    @Test func `pauses are random parts of spans that double, and end after the last attempt`()
        async throws
    {
        let s3 = try await InProcessS3()
        let pauses = Mutex<[Duration]>([])
        let faulty = FaultyTransport(s3.transport) { _, _ in .refuse }
        let client = try s3.client(over: faulty) { pause in pauses.withLock { $0.append(pause) } }
        let error = await #expect(throws: S3ClientError.self) { try await put(client) }
        #expect(error?.kind == .connection)
        #expect(error?.operation == "PutObject")
        #expect(faulty.sent.count == RetryPolicy.defaultAttempts)
        let kept = pauses.withLock { $0 }
        #expect(kept.count == RetryPolicy.defaultAttempts - 1)
        for (place, pause) in kept.enumerated() {
            #expect(pause > .zero)
            #expect(pause <= RetryPolicy.defaultFirstPause * (1 << place))
        }
        #expect(Set(kept).count == kept.count)
    }

    @Test func `no pause is longer than the longest, however many there were`() async throws {
        let s3 = try await InProcessS3()
        let longest = Mutex(Duration.zero)
        let client = S3Client(
            endpoint: try S3Endpoint(url: "http://127.0.0.1:9000"),
            credentials: nil,
            transport: FaultyTransport(s3.transport) { _, _ in .refuse },
            retry: RetryPolicy(
                attempts: 100,
                longestPause: .seconds(1),
                wait: { pause in longest.withLock { $0 = max($0, pause) } }
            )
        )
        await #expect(throws: S3ClientError.self) { try await put(client) }
        #expect(longest.withLock { $0 } <= .seconds(1))
        #expect(longest.withLock { $0 } > .milliseconds(500))
    }

    @Test(arguments: ["7", "Tue, 14 Nov 2023 22:13:27 GMT"])
    func `a pause that the server asks for is kept`(retryAfter: String) async throws {
        let s3 = try await InProcessS3()
        let pauses = Mutex<[Duration]>([])
        let faulty = FaultyTransport(s3.transport) { place, _ in
            let headers: HTTPHeaders = [
                "Retry-After": retryAfter, "Date": "Tue, 14 Nov 2023 22:13:20 GMT",
            ]
            return place == 0 ? .answer(.serviceUnavailable, headers, "") : nil
        }
        try await put(s3.client(over: faulty) { pause in pauses.withLock { $0.append(pause) } })
        #expect(pauses.withLock { $0 } == [.seconds(7)])
    }

    @Test func `a pause of more than a minute is not kept, the error is told`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in
            .answer(.serviceUnavailable, ["Retry-After": "61"], "")
        }
        let error = await #expect(throws: S3ClientError.self) {
            try await put(s3.client(over: faulty))
        }
        #expect(error?.status == 503)
        #expect(faulty.sent.count == 1)
    }

    @Test func `a stream is not sent twice`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in .loseReply }
        let stream = TestBytes.stream(ByteBuffer(string: "once"), pieces: 2)
        await #expect(throws: S3ClientError.self) {
            try await put(s3.client(over: faulty), .stream(stream))
        }
        #expect(faulty.sent.count == 1)
    }

    @Test func `what a stream throws is what its reader gets`() async throws {
        struct SourceBroke: Error {}
        let s3 = try await InProcessS3()
        let stream = HTTPBody(length: 4) { throw SourceBroke() }
        await #expect(throws: SourceBroke.self) {
            try await put(s3.client(), .stream(stream))
        }
    }

    @Test func `a cancelled task ends as cancelled and tries nothing again`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in
            .during { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
        }
        let client = try s3.client(over: faulty)
        let task = Task { try await put(client) }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(faulty.sent.count == 1)
    }

    @Test func `a document of an error under the status 200 is an error, tried again`()
        async throws
    {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { place, request in
            let isCopy = request.headers.contains(name: "x-amz-copy-source")
            let document = "<?xml version=\"1.0\"?><Error><Code>InternalError</Code></Error>"
            return isCopy && place < 3 ? .answer(.ok, [:], document) : nil
        }
        let client = try s3.client(over: faulty)
        try await put(client)
        _ = try await client.copyObject(bucket: "photos", key: "l", from: "photos", "k")
        #expect(faulty.sent.count == 4)
    }

    @Test func `a document of an error under the status 200 is told with its code`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, _ in
            .answer(.ok, [:], "<Error><Code>NoSuchUpload</Code><Message>m</Message></Error>")
        }
        let upload = MultipartUpload(bucket: "photos", key: "k", id: "u")
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await s3.client(over: faulty).completeMultipartUpload(upload, parts: [])
        }
        #expect(error?.code == "NoSuchUpload")
        #expect(error?.operation == "CompleteMultipartUpload")
    }
}
