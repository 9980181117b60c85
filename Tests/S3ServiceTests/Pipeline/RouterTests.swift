import HTTPMessage
import NIOHTTP1
import Testing

@testable import S3Service

@Suite struct RouterTests {
    @Test(arguments: Ledger.operations.filter { $0.state == .refused }.map(\.name))
    func `an operation that Pail has not is 501 and changes nothing`(name: String) async throws {
        let row = try #require(Ledger.operations.first { $0.name == name })
        guard case .query(let method, let level, let subresource) = row.mark else { return }
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")
        let path = level == .object ? "/photos/a" : "/photos"

        let reply = await s3.send(method, "\(path)?\(subresource)&id=1", "<x/>")

        #expect(reply.status == 501)
        #expect(reply.errorCode == "NotImplemented")
        #expect(reply["Message"]?.hasSuffix(" is not implemented.") == true)
        #expect(await s3.send(.GET, "/photos/a").text == "x")
    }

    // `uploads` with POST begins an upload, and `tagging` with DELETE removes tags, whatever the value
    // is; no other one is claimed by a write without a body of its own.
    @Test(arguments: Subresources.names.subtracting(["uploads", "tagging"]).sorted())
    func `a sub-resource never falls through to the object`(name: String) async throws {
        let s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos/a", "x")

        for method in [HTTPMethod.PUT, .POST, .DELETE] {
            let reply = await s3.send(method, "/photos/a?\(name)=no-such-thing", "<x/>")
            #expect(reply.status >= 400, "\(method)")
        }
        #expect(await s3.send(.GET, "/photos/a").text == "x")
    }

    @Test(arguments: [
        (HTTPMethod.PATCH, "/photos/a"), (.POST, "/photos/a"), (.DELETE, "/"), (.PUT, "/"),
    ])
    func `a method that S3 has not is 405`(method: HTTPMethod, path: String) async throws {
        #expect(try await TestS3().send(method, path, "x").status == 405)
    }

    @Test func `other parameters change nothing about what is meant`() async throws {
        let s3 = try await TestS3()

        #expect(await s3.send(.PUT, "/photos/a?x-id=PutObject", "x").status == 200)
        #expect(await s3.send(.GET, "/photos/a?x-id=GetObject&other").text == "x")
    }

    // A client that is given a list asks again at once, without end.
    @Test(arguments: ["/", "/photos"])
    func `listening for events, which MinIO has, is 501 and not a list`(path: String) async throws {
        let reply = try await TestS3().send(
            .GET,
            "\(path)?prefix=&suffix=&events=s3%3AObjectCreated%3A%2A"
        )

        #expect(reply.status == 501)
        #expect(reply.errorCode == "NotImplemented")
        #expect(reply["Operation"] == "ListenBucketNotification")
    }

    @Test func `health is open, and everything else of Pail's own is not`() async throws {
        let s3 = try await TestS3(buckets: ["photos", "_pail".replacing("_", with: "x")])
        func get(_ target: String, host: String) async -> Reply {
            await s3.raw(HTTPRequest(method: .GET, target: target, headers: ["host": host]))
        }

        #expect(await get("/_pail/health", host: "127.0.0.1:9000").status == 200)
        #expect(await get("/_pail/health?x", host: "127.0.0.1:9000").status == 403)
        #expect(await get("/_pail/metrics", host: "127.0.0.1:9000").status == 403)
        #expect(
            await get("/_pail/health", host: "photos.s3.localhost:9000").errorCode == "AccessDenied"
        )
        #expect(
            await s3.send(.GET, "/_pail/health", host: "photos.s3.localhost:9000").errorCode
                == "NoSuchKey"
        )
    }
}
