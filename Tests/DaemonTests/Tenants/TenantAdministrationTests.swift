import Foundation
import NIOHTTP1
import ObjectStore
import Policy
import Testing

@testable import Daemon

/// What is asked of tenants over HTTP.
@Suite struct TenantAdministrationTests {
    private func credentials(_ json: JSON?) throws -> RootCredentials {
        RootCredentials(
            accessKey: try #require(json?["accessKey"]?.string),
            secret: try #require(json?["secretKey"]?.string)
        )
    }

    @Test func `a tenant is made, listed, used and dropped`() async throws {
        let world = try await TenantWorld.start()
        let made = try await world.ask(.POST, "tenants", #"{"name": "a", "buckets": ["photos"]}"#)
        #expect(made.status == 201)
        #expect(made.json?["hosts"]?.array == [.string("a.tenant.localhost")])
        let key = try credentials(made.json)
        #expect(try await world.send(.PUT, "/photos/cat", "x", by: key).status == 200)

        let list = try await world.ask(.GET, "tenants").json?["tenants"]?.array
        #expect(list?.compactMap { $0["name"]?.string } == ["default", "a"])
        #expect(list?.first?["secretKey"] == nil)
        #expect(try await world.ask(.GET, "tenants/a").json?["accessKey"] == .string(key.accessKey))
        #expect(try await world.ask(.DELETE, "tenants/a").status == 204)
        #expect(try await world.ask(.DELETE, "tenants/a").status == 404)
        #expect(try await world.ask(.DELETE, "tenants/default").status == 400)
        await world.daemon.shutDown()
    }

    @Test func `a tenant's key resets and restores its own tenant, and makes none`() async throws {
        let world = try await TenantWorld.start()
        let key = try credentials(
            try await world.ask(.POST, "tenants", #"{"buckets": ["photos"]}"#).json
        )
        _ = try await world.send(.PUT, "/photos/cat", "x", by: key)
        #expect(
            try await world.ask(.POST, "snapshots", #"{"name": "one"}"#, by: key).status == 201
        )
        #expect(try await world.ask(.POST, "reset", by: key).status == 204)
        #expect(try await world.send(.GET, "/photos/cat", by: key).status == 404)
        #expect(try await world.ask(.POST, "snapshots/one/restore", by: key).status == 204)
        #expect(try await world.send(.GET, "/photos/cat", by: key).text == "x")
        #expect(
            try await world.ask(.GET, "snapshots", by: key).json?["snapshots"]?.array?.count == 1
        )
        #expect(try await world.ask(.DELETE, "snapshots/one", by: key).status == 204)
        #expect(try await world.ask(.POST, "snapshots/one/restore", by: key).status == 404)
        #expect(try await world.ask(.POST, "reset", #"{"to": "empty"}"#, by: key).status == 204)
        #expect(try await world.send(.GET, "/photos/cat", by: key).code == "NoSuchBucket")

        #expect(try await world.ask(.GET, "tenants", by: key).status == 403)
        #expect(try await world.ask(.POST, "tenants", by: key).status == 403)
        await world.daemon.shutDown()
    }

    @Test func `the daemon's key asks a tenant what the tenant's own would`() async throws {
        let world = try await TenantWorld.start()
        _ = try await world.ask(.POST, "tenants", #"{"name": "a", "buckets": ["photos"]}"#)
        #expect(
            try await world.ask(.POST, "tenants/a/snapshots", #"{"name": "one"}"#).status == 201
        )
        #expect(try await world.ask(.POST, "tenants/a/snapshots/one/restore").status == 204)
        #expect(try await world.ask(.POST, "tenants/a/reset").status == 204)
        #expect(try await world.ask(.POST, "tenants/none/reset").status == 404)
        #expect(try await world.ask(.GET, "tenants/a/tenants").status == 404)

        let from = #"{"name": "b", "from": {"tenant": "a", "snapshot": "one"}}"#
        #expect(try await world.ask(.POST, "tenants", from).status == 201)
        #expect(try world.tenants.named("b").store.bucket("photos").name == "photos")
        let none = #"{"from": {"tenant": "a", "snapshot": "two"}}"#
        #expect(try await world.ask(.POST, "tenants", none).status == 404)
        await world.daemon.shutDown()
    }

    @Test(arguments: [
        ("tenants", #"{"nam": "a"}"#), ("tenants", #"{"name": 1}"#), ("tenants", "["),
        ("tenants", #"{"buckets": [1]}"#), ("tenants", #"{"accessKey": "AKIA"}"#),
        ("tenants", #"{"name": "A"}"#), ("tenants", #"{"buckets": ["No"]}"#), ("tenants", "[]"),
        ("tenants", #"{"from": "a"}"#), ("tenants", #"{"accessKey": "a/b", "secretKey": "c"}"#),
        ("reset", #"{"to": "moon"}"#), ("snapshots", "{}"), ("snapshots", #"{"name": "a/b"}"#),
        ("seed", "{}"), ("seed", #"{"folder": "/nowhere"}"#),
    ])
    func `what is not understood is refused, and nothing is made`(
        path: String,
        body: String
    )
        async throws
    {
        let world = try await TenantWorld.start()
        #expect(try await world.ask(.POST, path, body).status == 400)
        #expect(world.tenants.all.count == 1 && world.standard.snapshots.isEmpty)
        await world.daemon.shutDown()
    }

    @Test func `from another machine, only the folder of --seed can be seeded from`() async throws {
        let folder = try TemporaryFolder()
        for name in ["home/sub/photos", "elsewhere/photos"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)",
                withIntermediateDirectories: true
            )
        }
        let world = try await TenantWorld.start { $0.seedFolder = "\(folder.path)/home" }
        func seed(_ path: String, from peer: String) async throws -> Int {
            let body = #"{"folder": "\#(path)"}"#
            return try await world.ask(.POST, "seed", body, peer: peer).status
        }
        #expect(try await seed("\(folder.path)/elsewhere", from: "192.0.2.1") == 403)
        #expect(try await seed("\(folder.path)/home/../elsewhere", from: "192.0.2.1") == 403)
        #expect(try await seed("sub", from: "192.0.2.1") == 200)
        #expect(try await seed("\(folder.path)/elsewhere", from: "127.0.0.1") == 200)
        await world.daemon.shutDown()
    }
}
