import Instruments
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing
import Testing

@testable import Daemon

/// What a tenant has for itself, and how a request gets to it.
@Suite struct TenantTests {
    @Test func `two tenants have buckets and keys of the same names, and not the same bytes`()
        async throws
    {
        let world = try await TenantWorld.start { $0.buckets = ["photos"] }
        let names = ["a", "b"]
        for name in names {
            let tenant = try await world.tenants.create(name, buckets: ["photos"])
            let key = tenant.credentials
            #expect(try await world.send(.PUT, "/photos/cat", name, by: key).status == 200)
        }
        for name in names {
            let tenant = try world.tenants.named(name)
            let got = try await world.send(.GET, "/photos/cat", by: tenant.credentials)
            #expect(got.text == name)
        }
        let own = try await world.send(.GET, "/photos/cat", by: world.daemon.credentials)
        #expect(own.code == "NoSuchKey")
        await world.daemon.shutDown()
    }

    @Test
    func `a tenant's host leads to it without a key, and another tenant's key is nobody's there`()
        async throws
    {
        let world = try await TenantWorld.start()
        let a = try await world.tenants.create("a", buckets: ["photos"])
        let b = try await world.tenants.create("b", buckets: ["photos"])
        _ = try await world.send(.PUT, "/photos/cat", "a's", by: a.credentials)

        let anonymous = try await world.send(.GET, "/cat", at: "photos.a.tenant.localhost:9000")
        #expect(anonymous.code == "AccessDenied")
        let signed = try await world.send(
            .GET,
            "/cat",
            by: a.credentials,
            at: "photos.a.tenant.localhost"
        )
        #expect(signed.text == "a's")
        let foreign = try await world.send(
            .GET,
            "/photos/cat",
            by: b.credentials,
            at: "a.tenant.localhost"
        )
        #expect(foreign.status == 403 && foreign.code == "InvalidAccessKeyId")
        await world.daemon.shutDown()
    }

    @Test func `a host that names no tenant is for nobody`() async throws {
        let world = try await TenantWorld.start()
        let answer = try await world.send(
            .GET,
            "/",
            by: world.daemon.credentials,
            at: "gone.tenant.localhost"
        )
        #expect(answer.status == 404 && answer.code == "NoSuchTenant")
        let own = try await world.send(
            .GET,
            "/",
            by: world.daemon.credentials,
            at: "default.tenant.localhost"
        )
        #expect(own.status == 200)
        await world.daemon.shutDown()
    }

    @Test func `a key that nobody has is told so`() async throws {
        let world = try await TenantWorld.start()
        _ = try await world.tenants.create("a")
        let stranger = RootCredentials(accessKey: "AKIANOBODY", secret: "0123456789abcdef")
        let answer = try await world.send(.GET, "/", by: stranger)
        #expect(answer.status == 403 && answer.code == "InvalidAccessKeyId")
        await world.daemon.shutDown()
    }

    @Test func `users and sessions that are made in a tenant are known in it alone`() async throws {
        let world = try await TenantWorld.start()
        let tenant = try await world.tenants.create("a", buckets: ["photos"])
        let made = try await tenant.store.directory.createUser(
            NewUser(
                name: "ann",
                policies: [.attached(arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess")]
            )
        )
        let user = RootCredentials(accessKey: made.id, secret: made.secret)
        for _ in 1...2 {
            #expect(try await world.send(.PUT, "/photos/cat", "x", by: user).status == 200)
        }
        #expect(world.standard.made(made.id) == false)

        let token = try await world.send(
            .POST,
            "/",
            "Action=GetSessionToken&Version=2011-06-15",
            by: user,
            service: "sts",
            headers: ["Content-Type": "application/x-www-form-urlencoded"]
        )
        #expect(token.status == 200)
        let session = try #require(
            try XMLElement.parse(Array(token.text.utf8), root: "GetSessionTokenResponse")[
                "GetSessionTokenResult"
            ]?["Credentials"]
        )
        let temporary = RootCredentials(
            Credential(
                accessKey: session["AccessKeyId"]?.text ?? "",
                secret: Secret(session["SecretAccessKey"]?.text ?? ""),
                sessionToken: session["SessionToken"]?.text
            )
        )
        #expect(try await world.send(.GET, "/photos/cat", by: temporary).text == "x")

        try await world.tenants.drop("a")
        #expect(try await world.send(.GET, "/photos/cat", by: user).code == "InvalidAccessKeyId")
        await world.daemon.shutDown()
    }

    @Test func `names and keys are taken once`() async throws {
        let world = try await TenantWorld.start()
        let key = RootCredentials(accessKey: "AKIAMINE", secret: "0123456789abcdef")
        _ = try await world.tenants.create("a", credentials: key)
        await #expect(throws: S3Error.tenantAlreadyExists) { try await world.tenants.create("a") }
        await #expect(throws: S3Error.tenantAlreadyExists) {
            try await world.tenants.create("default")
        }
        await #expect(throws: S3Error.accessKeyTaken) {
            try await world.tenants.create("b", credentials: key)
        }
        await #expect(throws: S3Error.accessKeyTaken) {
            try await world.tenants.create("b", credentials: world.daemon.credentials)
        }
        await #expect(throws: S3Error.self) { try await world.tenants.create("A") }
        await #expect(throws: S3Error.self) {
            try await world.tenants.create("b", buckets: ["No"])
        }
        #expect(world.tenants.all.map(\.name) == ["default", "a"])
        await world.daemon.shutDown()
    }

    @Test func `a tenant's clock and faults are its own`() async throws {
        let world = try await TenantWorld.start()
        let a = try await world.tenants.create("a", buckets: ["photos"])
        let b = try await world.tenants.create("b", buckets: ["photos"])
        try await a.instruments.clock.freeze(at: Timestamp(seconds: 2_000_000_000))
        a.instruments.recorder.turnOn()
        _ = try await world.send(.PUT, "/photos/cat", "x", by: a.credentials)
        _ = try await world.send(.PUT, "/photos/cat", "x", by: b.credentials)

        let head = try await world.send(.HEAD, "/photos/cat", by: a.credentials)
        #expect(head.headers.first(name: "Last-Modified") == "Wed, 18 May 2033 03:33:20 GMT")
        #expect(a.instruments.recorder.count == 2)
        #expect(b.instruments.clock.isReal && b.instruments.recorder.count == 0)
        await world.daemon.shutDown()
    }

    @Test func `two hundred tenants at a time see nothing of each other`() async throws {
        let world = try await TenantWorld.start()
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<200 {
                tasks.addTask { try await Self.live(world, number) }
            }
            try await tasks.waitForAll()
        }
        print("200 tenants: \(ContinuousClock.now - start)")
        #expect(world.tenants.all.count == 1)
        await world.daemon.shutDown()
    }

    /// The life of one tenant: it finds what it wrote, and nothing else.
    private static func live(_ world: TenantWorld, _ number: Int) async throws {
        let tenant = try await world.tenants.create("t\(number)", buckets: ["photos"])
        let key = tenant.credentials
        for round in 0..<5 {
            let body = "tenant \(number), round \(round)"
            #expect(try await world.send(.PUT, "/photos/k\(round)", body, by: key).status == 200)
            #expect(try await world.send(.GET, "/photos/k\(round)", by: key).text == body)
        }
        let list = try await world.send(.GET, "/photos?list-type=2", by: key)
        #expect(list.text.contains("<KeyCount>5</KeyCount>"))
        try await world.tenants.drop(tenant.name)
        #expect(try await world.send(.GET, "/photos", by: key).code == "InvalidAccessKeyId")
    }
}
