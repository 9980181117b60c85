import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

/// Reading Pail's own queues over the API.
struct QueueTests {
    private static let path = "/_pail/queues/jobs/messages"

    private func makeS3() async throws -> TestS3 {
        let s3 = try await TestS3()
        await s3.notify(queueRule("s3:ObjectCreated:*"))
        _ = await s3.put("a")
        return s3
    }

    private func receipt(_ reply: Reply) throws -> String {
        try #require(reply.text.value(of: "receipt"))
    }

    @Test func `messages are read in order and acknowledged by their receipts`() async throws {
        let s3 = try await makeS3()
        let first = await s3.send(.GET, Self.path)
        #expect(first.status == 200 && first.header("content-type") == "application/json")
        #expect(first.text.value(of: "Event") == "s3:TestEvent")
        let second = await s3.send(.GET, "\(Self.path)?max=10&wait=0")
        #expect(second.text.value(of: "eventName") == "ObjectCreated:Put")
        #expect(await s3.send(.GET, Self.path).text == "{\"messages\":[]}\n")
        for reply in [first, second] {
            let target = "\(Self.path)?receipt=\(try receipt(reply))"
            #expect(await s3.send(.DELETE, target).status == 204)
            #expect(await s3.send(.DELETE, target).status == 404)
        }
        s3.time.advance(bySeconds: 3600)
        #expect(await s3.send(.GET, Self.path).text == "{\"messages\":[]}\n")
    }

    @Test func `what is not acknowledged comes back when its time is over`() async throws {
        let s3 = try await makeS3()
        let first = await s3.send(.GET, "\(Self.path)?max=10&hide=5")
        s3.time.advance(bySeconds: 5)
        let again = await s3.send(.GET, "\(Self.path)?max=10")
        #expect(again.text.contains("\"attempt\":2"))
        let old = await s3.send(.DELETE, "\(Self.path)?receipt=\(try receipt(first))")
        #expect(old.status == 404)
    }

    @Test func `a reader who waits is answered when something comes`() async throws {
        let s3 = try await makeS3()
        _ = await s3.send(.GET, "\(Self.path)?max=10&hide=3600")
        async let waiting = s3.send(.GET, "\(Self.path)?wait=20")
        _ = await s3.put("b")
        #expect(await waiting.text.value(of: "key") == "b")
    }

    @Test func `a queue goes by its ARN too`() async throws {
        let s3 = try await makeS3()
        let reply = await s3.send(.GET, "/_pail/queues/\(eventQueue)/messages?max=10")
        #expect(reply.text.value(of: "eventName") == "ObjectCreated:Put")
    }

    @Test func `nobody but the root key reads a queue`() async throws {
        let s3 = try await makeS3()
        let admin = try await s3.user("admin", policy: "AmazonS3FullAccess")
        #expect(await s3.send(.GET, Self.path, as: admin).errorCode == "AccessDenied")
        let unsigned = await s3.raw(
            .init(method: .GET, target: Self.path, headers: ["host": "127.0.0.1:9000"])
        )
        #expect(unsigned.errorCode == "AccessDenied")
        let other = try await s3.user("other", account: "other", policy: nil)
        #expect(await s3.send(.GET, Self.path, as: other).errorCode == "AccessDenied")
    }

    @Test(arguments: [
        ("GET", "?wait=21", 400), ("GET", "?max=0", 400), ("GET", "?max=11", 400),
        ("GET", "?hide=x", 400), ("DELETE", "", 400), ("DELETE", "?receipt=1", 400),
        ("DELETE", "?receipt=1-2-3", 400), ("DELETE", "?receipt=9-1", 404), ("PUT", "", 405),
    ])
    func `what makes no sense is refused`(
        method: String,
        query: String,
        status: Int
    ) async throws {
        let s3 = try await makeS3()
        let reply = await s3.send(HTTPMethod(rawValue: method), Self.path + query)
        #expect(reply.status == status)
    }

    @Test(arguments: ["/_pail/queues", "/_pail/queues/a.fifo/messages", "/_pail/queues/jobs"])
    func `other paths are nobody's`(path: String) async throws {
        #expect(await (try makeS3()).send(.GET, path).errorCode == "NoSuchKey")
    }
}
