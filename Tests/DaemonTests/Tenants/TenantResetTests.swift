import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@testable import Daemon

/// To and fro: resets, snapshots, forks, and the end of a tenant.
@Suite struct TenantResetTests {
    private func text(_ world: TenantWorld, _ tenant: Tenant, _ key: String) async throws -> String?
    {
        let answer = try await world.send(.GET, "/photos/\(key)", by: tenant.credentials)
        return answer.status == 200 ? answer.text : nil
    }

    private func put(
        _ world: TenantWorld,
        _ tenant: Tenant,
        _ key: String,
        _ body: String
    ) async throws {
        let answer = try await world.send(.PUT, "/photos/\(key)", body, by: tenant.credentials)
        #expect(answer.status == 200)
    }

    @Test func `a reset goes back to the buckets that a tenant was made with, or to nothing`()
        async throws
    {
        let world = try await TenantWorld.start()
        let tenant = try await world.tenants.create("a", buckets: ["photos"])
        let owner = tenant.store.directory.rootAccount.canonicalID
        try await put(world, tenant, "cat", "x")

        try await tenant.reset()
        #expect(try await text(world, tenant, "cat") == nil)
        #expect(try tenant.store.bucket("photos").ownerID == tenant.store.directory.rootAccount.id)
        try await tenant.reset(to: .empty)
        let answer = try await world.send(.GET, "/photos/cat", by: tenant.credentials)
        #expect(answer.code == "NoSuchBucket")
        #expect(tenant.store.directory.rootAccount.canonicalID == owner)
        await world.daemon.shutDown()
    }

    @Test func `snapshots are gone back to, as often as one likes, with bodies large and small`()
        async throws
    {
        let world = try await TenantWorld.start()
        let tenant = try await world.tenants.create("a", buckets: ["photos"])
        let large = String(repeating: "large ", count: 100_000)
        try await put(world, tenant, "small", "1")
        try await put(world, tenant, "large", large)
        try tenant.takeSnapshot("one")
        try await put(world, tenant, "small", "2")
        _ = try await world.send(.DELETE, "/photos/large", by: tenant.credentials)
        try tenant.takeSnapshot("two")

        for _ in 1...2 {
            try await tenant.restore("one")
            #expect(try await text(world, tenant, "small") == "1")
            #expect(
                try await world.send(.HEAD, "/photos/large", by: tenant.credentials).headers
                    .first(name: "Content-Length") == "600000"
            )
            try await put(world, tenant, "small", "other")
            try await tenant.restore("two")
            #expect(try await text(world, tenant, "small") == "2")
            #expect(try await text(world, tenant, "large") == nil)
        }
        #expect(tenant.snapshots == ["one", "two"])
        try tenant.deleteSnapshot("one")
        await #expect(throws: S3Error.noSuchSnapshot) { try await tenant.restore("one") }
        await world.daemon.shutDown()
    }

    @Test func `a fork begins with what its origin has, and is seen by nobody else`() async throws {
        let world = try await TenantWorld.start()
        let origin = try await world.tenants.create("a", buckets: ["photos"])
        try await put(world, origin, "cat", "origin")
        let user = try await origin.store.directory.createUser(NewUser(name: "ann"))
        let fork = try await world.tenants.create("b", from: try origin.image(named: nil))
        try await put(world, fork, "dog", "fork")

        #expect(try await text(world, fork, "cat") == "origin")
        #expect(try await text(world, origin, "dog") == nil)
        #expect(fork.made(user.id))
        // Both have the user's key: it leads to the older, and to the fork by the fork's host.
        let key = RootCredentials(accessKey: user.id, secret: user.secret)
        let other = RootCredentials(accessKey: user.id, secret: "another secret")
        let here = try await world.send(.GET, "/photos/dog", by: key, at: "b.tenant.localhost")
        let wrong = try await world.send(.GET, "/photos/dog", by: other, at: "b.tenant.localhost")
        #expect(here.code == "AccessDenied" && wrong.code == "SignatureDoesNotMatch")
        try await fork.reset()
        #expect(try await text(world, fork, "cat") == "origin")
        #expect(try await text(world, fork, "dog") == nil)
        await world.daemon.shutDown()
    }

    @Test func `a daemon in memory is reset to its buckets, and one on disk is not`() async throws {
        let world = try await TenantWorld.start { $0.buckets = ["photos"] }
        try await put(world, world.standard, "cat", "x")
        try world.standard.takeSnapshot("one")
        try await world.standard.reset()
        #expect(try await text(world, world.standard, "cat") == nil)
        try await world.standard.restore("one")
        #expect(try await text(world, world.standard, "cat") == "x")
        await world.daemon.shutDown()

        let folder = try TemporaryFolder()
        let onDisk = try await TenantWorld.start { $0.storage = .folder("\(folder.path)/data") }
        let tenant = onDisk.standard
        await #expect(throws: S3Error.storeOnDisk) { try await tenant.reset() }
        #expect(throws: S3Error.storeOnDisk) { try tenant.takeSnapshot("one") }
        let forks = try await onDisk.tenants.create("a", buckets: ["photos"])
        #expect(forks.store.isInMemory)
        await onDisk.daemon.shutDown()
    }

    @Test func `a request that is under way when its tenant goes ends as it would have`()
        async throws
    {
        let world = try await TenantWorld.start()
        let tenant = try await world.tenants.create("a", buckets: ["photos"])
        let gate = Gate()
        let signed = SignatureV4.sign(
            SignableRequest(
                method: "PUT",
                target: "/photos/cat",
                headers: ["Host": "127.0.0.1", "Content-Length": "5"]
            ),
            by: tenant.credentials.credential,
            region: "us-east-1",
            payload: .unsigned,
            at: SystemTime().now()
        )
        let body = HTTPBody(ByteBuffer(string: "hello"))
        let request = HTTPRequest(
            method: .PUT,
            target: "/photos/cat",
            headers: signed.headers,
            body: HTTPBody(length: 5) {
                await gate.pass()
                return try await body.next()
            }
        )
        async let upload = world.tenants.respond(to: request)
        await gate.waitForVisitor()
        try await tenant.reset()
        try await world.tenants.drop("a")
        await gate.open()

        #expect(await upload.status == .ok)
        #expect(try tenant.store.object("cat", in: try tenant.store.bucket("photos")) == nil)
        await #expect(throws: S3Error.noSuchTenant) { try await tenant.reset() }
        await world.daemon.shutDown()
    }

    @Test func `a tenant that was dropped is gone with its last request`() async throws {
        let world = try await TenantWorld.start()
        var tenant: Tenant? = try await world.tenants.create("a", buckets: ["photos"])
        weak let store = tenant?.store
        weak let gone = tenant
        tenant = nil
        #expect(store != nil)
        try await world.tenants.drop("a")
        // A task that was cancelled may be about to end still.
        for _ in 0..<10_000 where store != nil { await Task.yield() }
        #expect(gone == nil && store == nil)
        await world.daemon.shutDown()
    }

    @Test func `what a tenant costs`() async throws {
        let world = try await TenantWorld.start()
        let clock = ContinuousClock()
        var made: [Tenant] = []
        let creating = try await clock.measure {
            for _ in 0..<100 { made.append(try await world.tenants.create(buckets: ["photos"])) }
        }
        let tenant = made[0]
        let store = tenant.store
        let bucket = try store.bucket("photos")
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for writer in 0..<16 {
                tasks.addTask {
                    for number in stride(from: writer, to: 10_000, by: 16) {
                        let staged = store.stage(sizeHint: 100)
                        try staged.append(ByteBuffer(repeating: 0x78, count: 100))
                        let new = NewObject(key: "\(number)", ownerID: bucket.ownerID)
                        _ = try await store.put(new, body: try staged.finish(), in: bucket)
                    }
                }
            }
            try await tasks.waitForAll()
        }
        let snapshot = try clock.measure { try tenant.takeSnapshot("full") }
        let restore = try await clock.measure { try await tenant.restore("full") }
        let fork = try await clock.measure {
            _ = try await world.tenants.create("fork", from: try tenant.image(named: "full"))
        }
        let reset = try await clock.measure { try await tenant.reset() }
        print(
            "a tenant: \(creating / 100); 10,000 objects: snapshot \(snapshot), restore \(restore)"
        )
        print("fork \(fork), reset \(reset)")
        let list = try await world.send(
            .GET,
            "/photos?list-type=2&max-keys=1",
            by: tenant.credentials
        )
        #expect(list.text.contains("<KeyCount>0</KeyCount>"))
        #expect(try await text(world, world.tenants.named("fork"), "9999")?.count == 100)
        await world.daemon.shutDown()
    }
}

/// Holds whoever passes until it is opened.
private actor Gate {
    private var isOpen = false
    private var held: [CheckedContinuation<Void, Never>] = []
    private var watchers: [CheckedContinuation<Void, Never>] = []

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { continuation in
            held.append(continuation)
            for watcher in watchers { watcher.resume() }
            watchers = []
        }
    }

    func waitForVisitor() async {
        guard held.isEmpty else { return }
        await withCheckedContinuation { watchers.append($0) }
    }

    func open() {
        isOpen = true
        for visitor in held { visitor.resume() }
        held = []
    }
}
