import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
@testable import S3Client
import S3Protocol
import Synchronization
import TestSupport
import Testing

@Suite struct TransferTests {
    private let bytes = TestBytes.make(600_000)

    private func stored(
        _ script: @escaping FaultyTransport.Script
    ) async throws -> (
        client: S3Client, faulty: FaultyTransport
    ) {
        let s3 = try await InProcessS3()
        let plain = try s3.client()
        _ = try await plain.putObject(bucket: "photos", key: "k", body: .bytes(bytes))
        let faulty = FaultyTransport(s3.transport, script)
        return (try s3.client(over: faulty), faulty)
    }

    // MARK: Downloads

    @Test func `a download that is cut goes on where it was cut`() async throws {
        let cuts = [0: 100_000, 1: 1, 2: 300_000]
        let (client, faulty) = try await stored { place, _ in cuts[place].map { .cut(after: $0) } }
        let got = try await client.download(bucket: "photos", key: "k")
        #expect(try await got.body.all() == bytes)
        #expect(
            faulty.sent.map { $0.header("Range") } == [
                nil, "bytes=100000-599999", "bytes=100001-599999", "bytes=400001-599999",
            ]
        )
        #expect(faulty.sent[1].header("If-Match") == "\"\(got.head.etag)\"")
    }

    @Test func `a range that is cut goes on within the range`() async throws {
        let (client, faulty) = try await stored { place, _ in place == 0 ? .cut(after: 10) : nil }
        let got = try await client.download(bucket: "photos", key: "k", range: .closed(100, 199))
        #expect(try await got.body.all() == bytes.getSlice(at: 100, length: 100))
        #expect(faulty.sent.last?.header("Range") == "bytes=110-199")
    }

    @Test func `an object that was replaced while it was cut is not mixed with the old`()
        async throws
    {
        let s3 = try await InProcessS3()
        let plain = try s3.client()
        _ = try await plain.putObject(bucket: "photos", key: "k", body: .bytes(bytes))
        let faulty = FaultyTransport(s3.transport) { place, _ in
            place == 0 ? .cut(after: 1000) : nil
        }
        let got = try await s3.client(over: faulty).download(bucket: "photos", key: "k")
        _ = try await plain.putObject(
            bucket: "photos",
            key: "k",
            body: .bytes(TestBytes.make(600_000, seed: 2))
        )
        let error = await #expect(throws: S3ClientError.self) { _ = try await got.body.all() }
        #expect(error?.code == "PreconditionFailed")
    }

    @Test func `cuts that bring nothing are given up`() async throws {
        let (client, faulty) = try await stored { _, _ in .cut(after: 0) }
        let got = try await client.download(bucket: "photos", key: "k")
        let error = await #expect(throws: S3ClientError.self) { _ = try await got.body.all() }
        #expect(error?.kind == .connection)
        #expect(faulty.sent.count == 4)
    }

    @Test(arguments: [0, 299_999, 599_999])
    func `a flipped byte is noticed`(place: Int) async throws {
        let (client, _) = try await stored { _, _ in .flip(byte: place) }
        let got = try await client.download(bucket: "photos", key: "k")
        let error = await #expect(throws: S3ClientError.self) { _ = try await got.body.all() }
        #expect(error?.kind == .corrupted)
        let plain = try await client.getObject(bucket: "photos", key: "k")
        let other = await #expect(throws: S3ClientError.self) { _ = try await plain.body.all() }
        #expect(other?.kind == .corrupted)
    }

    @Test func `a body that ends early is not taken for whole`() async throws {
        let s3 = try await InProcessS3()
        let short = FaultyTransport(s3.transport) { _, _ in
            .answer(.ok, ["ETag": "\"e\"", "Content-Length": "9"], "12345")
        }
        let got = try await s3.client(over: short).getObject(bucket: "photos", key: "k")
        let error = await #expect(throws: S3ClientError.self) { _ = try await got.body.all() }
        #expect(error?.kind == .connection)
    }

    // MARK: Uploads

    @Test func `bytes that change on their way up are refused`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(ChangingTransport(other: s3.transport))
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await s3.client(over: faulty).putObject(
                bucket: "photos",
                key: "k",
                body: .bytes(bytes)
            )
        }
        #expect(error?.status == 400)
        #expect(
            ["BadDigest", "XAmzContentSHA256Mismatch", "InvalidDigest"].contains(error?.code),
            "\(String(describing: error))"
        )
    }

    @Test func `an upload in parts that fails is aborted, and stores nothing`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, request in
            request.target.contains("partNumber=2")
                ? .answer(.forbidden, [:], "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await s3.client(over: faulty).upload(
                bucket: "photos",
                key: "k",
                body: .bytes(TestBytes.make(17 << 20))
            )
        }
        #expect(error?.code == "AccessDenied")
        #expect(faulty.sent.last?.request.method == .DELETE)
        #expect(try await uploads(s3).isEmpty)
    }

    @Test func `an upload in parts that is cancelled is aborted`() async throws {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport) { _, request in
            request.target.contains("partNumber=2")
                ? .during { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } } : nil
        }
        let client = try s3.client(over: faulty)
        await #expect(throws: (any Error).self) {
            _ = try await client.upload(
                bucket: "photos",
                key: "k",
                body: .bytes(TestBytes.make(17 << 20))
            )
        }
        #expect(try await uploads(s3).isEmpty)
    }

    private func uploads(_ s3: InProcessS3) async throws -> [String] {
        let client = try s3.client()
        let url = try client.presign(.GET, bucket: "photos", key: nil, query: [("uploads", nil)])
        let target = url.dropFirst("http://127.0.0.1:9000".count)
        let response = try await s3.transport.send(
            HTTPRequest(
                method: .GET,
                target: String(target),
                headers: ["Host": "127.0.0.1:9000"]
            ),
            to: HTTPOrigin(isSecure: false, host: "127.0.0.1", port: 9000)
        )
        let text = String(buffer: try await response.body.all())
        #expect(text.contains("<ListMultipartUploadsResult"))
        return text.split(separator: "<UploadId>").dropFirst().map(String.init)
    }

    @Test func `never more parts are on their way than were asked for`() async throws {
        let s3 = try await InProcessS3()
        let counts = Mutex((now: 0, most: 0))
        let gate = CountingTransport(other: s3.transport) { change in
            counts.withLock { $0 = ($0.now + change, max($0.most, $0.now + change)) }
        }
        let options = UploadOptions(partBytes: 5 << 20, parallelParts: 2)
        _ = try await s3.client(over: gate).upload(
            bucket: "photos",
            key: "k",
            body: .stream(TestBytes.stream(TestBytes.make(31 << 20), pieces: 1 << 20)),
            options: options
        )
        #expect(counts.withLock { $0.most } <= 2)
    }

    @Test func `a file goes up in parts, and again where a part is tried again`() async throws {
        let s3 = try await InProcessS3()
        let file = try TestFolder().write("film", TestBytes.make(17 << 20))
        let faulty = FaultyTransport(s3.transport) { place, _ in place == 2 ? .loseReply : nil }
        let client = try s3.client(over: faulty)
        let put = try await client.upload(
            bucket: "photos",
            key: "film",
            body: .file(path: file.path)
        )
        #expect(put.size == 17 << 20)
        #expect(put.checksum?.type == .fullObject)
        let got = try await client.download(bucket: "photos", key: "film")
        #expect(got.head.checksum?.value == put.checksum?.value)
        #expect(try await got.body.all() == TestBytes.make(17 << 20))
    }

    @Test func `a file that is none is refused before anything is sent`() throws {
        let error = #expect(throws: S3ClientError.self) {
            try RequestBody.file(path: "/nowhere/at/all")
        }
        #expect(error?.kind == .file)
        #expect(throws: S3ClientError.self) { try RequestBody.file(path: "/") }
    }

    @Test(arguments: [3, 5])
    func `a stream that gives another length than it told is refused`(told: Int) async throws {
        let s3 = try await InProcessS3()
        let client = try s3.client()
        for isWhole in [true, false] {
            let stream = HTTPBody(length: told, read: HTTPBody(ByteBuffer(string: "four")).next)
            await #expect(throws: S3ClientError.self) {
                _ =
                    isWhole
                    ? try await client.putObject(bucket: "photos", key: "k", body: .stream(stream))
                    : try await client.upload(bucket: "photos", key: "k", body: .stream(stream))
            }
        }
        let listed = try await client.listObjects(bucket: "photos").objects
        #expect(listed == [])
    }

    @Test func `a stream whose parts would not fit into memory is refused before it is read`()
        async throws
    {
        let s3 = try await InProcessS3()
        let faulty = FaultyTransport(s3.transport)
        let error = await #expect(throws: S3ClientError.self) {
            _ = try await s3.client(over: faulty).upload(
                bucket: "photos",
                key: "k",
                body: .stream(HTTPBody(length: 20 << 40) { throw CancellationError() })
            )
        }
        #expect(error?.code == "EntityTooLarge")
        #expect(faulty.sent.isEmpty)
    }

    @Test func `parts grow where there would be more than 10,000`() throws {
        let options = UploadOptions(partBytes: 5 << 20)
        #expect(try options.partBytes(for: 5 << 30) == 5 << 20)
        #expect(try options.partBytes(for: 100 << 30) == ((100 << 30) + 9999) / 10_000)
        #expect(try UploadOptions(partBytes: 1).partBytes(for: nil) == 5 << 20)
        #expect(throws: S3ClientError.self) { try options.partBytes(for: .max) }
    }
}

/// Changes a byte of every body on its way up.
private struct ChangingTransport: HTTPTransport {
    let other: any HTTPTransport

    func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin
    ) async throws -> TransportResponse {
        var request = request
        let body = request.body
        request.body = HTTPBody(length: body.length) {
            guard var piece = try await body.next() else { return nil }
            piece.setInteger(UInt8(0x55), at: piece.readerIndex + 7)
            return piece
        }
        return try await other.send(request, to: origin)
    }
}

/// Tells how many parts are on their way.
private struct CountingTransport: HTTPTransport {
    let other: any HTTPTransport
    let count: @Sendable (Int) -> Void

    func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin
    ) async throws -> TransportResponse {
        let isPart = request.target.contains("partNumber=")
        if isPart { count(1) }
        defer { if isPart { count(-1) } }
        return try await other.send(request, to: origin)
    }
}
