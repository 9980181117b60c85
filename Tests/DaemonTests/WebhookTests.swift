import HTTPMessage
import HTTPServer
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import S3Protocol
import S3Service
import Testing

@testable import Daemon
@testable import ObjectStore

struct WebhookAddressTests {
    @Test(arguments: [
        ("http://a.example/", false, "a.example", 80, "/", "a.example"),
        ("https://a.example:8443/in/b?c=d", true, "a.example", 8443, "/in/b?c=d", "a.example:8443"),
        ("http://[::1]:81", false, "::1", 81, "/", "[::1]:81"),
        ("https://127.0.0.1?x", true, "127.0.0.1", 443, "/?x", "127.0.0.1"),
    ])
    func `a URL is taken apart`(
        url: String,
        isSecure: Bool,
        host: String,
        port: Int,
        target: String,
        authority: String
    ) throws {
        let address = try #require(WebhookAddress(url))
        #expect(address.isSecure == isSecure && address.host == host && address.port == port)
        #expect(address.target == target && address.authority == authority)
    }

    @Test(arguments: [
        "", "a.example", "ftp://a/", "http://", "http:///x", "http://a:0/", "http://a:65536/",
        "http://a:x/", "http://user:secret@a/", "http://a/#f", "http://a/ b", "http://a/\r\nX: y",
        "http://[::1", "http://[::1]x/",
    ])
    func `a URL that is none is refused`(url: String) {
        #expect(WebhookAddress(url) == nil)
    }
}

struct WebhookSettingsTests {
    private static let secret = "0123456789abcdef"

    private func read(
        _ webhooks: [String],
        _ variables: [String: String] = ["PAIL_WEBHOOK_SECRET": secret]
    ) throws -> DaemonConfiguration {
        try DaemonConfiguration(
            Settings(flags: [.webhook: webhooks], environment: Environment(variables))
        )
    }

    @Test func `webhooks are names and addresses`() throws {
        let configuration = try read(["a=http://a/x=y", "b-2=https://b/"])
        #expect(
            configuration.webhooks == [
                Webhook(name: "a", url: "http://a/x=y"), Webhook(name: "b-2", url: "https://b/"),
            ]
        )
        #expect(configuration.webhookSecret != nil)
        #expect("\(configuration.webhookSecret as Any)".contains(Self.secret) == false)
    }

    @Test(arguments: [
        ["a"], ["=http://a/"], ["a b=http://a/"], ["a=ftp://a/"], ["a=http://a/", "a=http://b/"],
    ])
    func `a webhook that is none is refused`(webhooks: [String]) {
        #expect(throws: Refusal.self) { try read(webhooks) }
    }

    @Test(arguments: [[:], ["PAIL_WEBHOOK_SECRET": "short"]])
    func `a webhook needs a secret that nobody can guess`(variables: [String: String]) {
        #expect(throws: Refusal.self) { try read(["a=http://a/"], variables) }
    }

    @Test(arguments: ["0", "x", "86401"])
    func `an interval of logs that is none is refused`(text: String) {
        #expect(throws: Refusal.self) {
            try DaemonConfiguration(Settings(flags: [.logDeliverySeconds: [text]]))
        }
    }
}

struct WebhookClientTests {
    @Test(arguments: [200, 302, 500])
    func `the status is answered, whatever it is, and no redirection is followed`(
        status: Int
    ) async throws {
        let received = Inbox()
        let server = try await HTTPServer.start(
            HTTPServerConfiguration(host: "127.0.0.1", port: 0),
            on: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            refusal: { _ in HTTPResponse(status: .badRequest) },
            responder: { request in
                await received.add(request)
                return HTTPResponse(
                    status: .init(statusCode: status),
                    headers: ["Location": "http://127.0.0.1:\(1)/elsewhere"]
                )
            }
        )
        let client = WebhookClient(group: .singleton)
        let request = WebhookRequest(
            url: "http://127.0.0.1:\(server.port)/in?x=1",
            headers: [.init(name: "Pail-Attempt", value: "1")],
            body: Array("{}".utf8)
        )
        #expect(try await client.send(request) == status)
        let one = try #require(await received.all.first)
        #expect(await received.all.count == 1)
        #expect(one.target == "/in?x=1" && one.method == "POST" && one.body == "{}")
        #expect(one.attempt == "1")
        await server.shutDown(within: .zero)
        await #expect(throws: (any Error).self) { try await client.send(request) }
    }
}

struct WebhookTaskTests {
    @Test func `a webhook that does not answer keeps no other waiting`() async throws {
        let (time, received) = (SystemTime(), Deliveries())
        // Nothing ever comes out of it, until whoever waits for it is cancelled.
        let silence = AsyncStream<Int>.makeStream()
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try Store.open(StoreConfiguration(folder: nil, time: time, logger: quiet))
        let bucket = try await store.createBucket(
            "photos",
            owner: store.directory.rootAccount.id,
            region: "us-east-1"
        )
        let hooks = ["slow", "fast"].map { Webhook(name: $0, url: "http://127.0.0.1:1/\($0)") }
        let tasks = hooks.map { hook in
            WebhookTask(
                WebhookDelivery(
                    hook,
                    mailbox: store.mailbox,
                    secret: WebhookSecret("0123456789abcdef"),
                    time: time,
                    logger: quiet
                ) { request in
                    await received.add(request.url)
                    guard hook.name == "slow" else { return 200 }
                    for await _ in silence.stream {}
                    throw CancellationError()
                },
                store.mailbox
            )
        }
        for count in 1...3 {
            try await store.set(
                "x",
                to: nil,
                of: bucket,
                posting: ["slow", "fast"].map {
                    NewMessage(to: "webhook:\($0)", about: "\(count)", [1])
                }
            )
            await received.wait(for: count, of: "http://127.0.0.1:1/fast")
        }
        await received.wait(for: 1, of: "http://127.0.0.1:1/slow")
        #expect(await received.count(of: "http://127.0.0.1:1/slow") == 1)
        store.mailbox.stopWaiting()
        for task in tasks { await task.stop() }
        silence.continuation.finish()
        await store.close()
    }

    @Test func `while the store takes note of nothing, an event is sent after pauses that grow`()
        async throws
    {
        let (received, rests) = (Deliveries(), Rests())
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let store = try Store.open(StoreConfiguration(folder: nil, logger: quiet))
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        let message = NewMessage(to: "webhook:hook", about: "x", [1])
        try await store.set("x", to: nil, of: bucket, posting: [message])
        store.health.turnReadOnly(because: .disk("test"))
        let delivery = WebhookDelivery(
            Webhook(name: "hook", url: "http://127.0.0.1:1/"),
            mailbox: store.mailbox,
            secret: WebhookSecret("0123456789abcdef"),
            time: SystemTime(),
            logger: quiet
        ) { request in
            await received.add(request.url)
            return 200
        }
        let task = WebhookTask(delivery, store.mailbox) { await rests.add($0) }
        await received.wait(for: 4, of: "http://127.0.0.1:1/")
        store.mailbox.stopWaiting()
        await task.stop()
        let all = await rests.all
        #expect(all.prefix(3) == [.seconds(1), .seconds(2), .seconds(4)])
        #expect(await received.count(of: "http://127.0.0.1:1/") == all.count)
        await store.close()
    }

    @Test func `what a client trusts is read once`() throws {
        let tls = ClientTLS()
        #expect(try tls.context() === (try tls.context()))
    }
}

/// How long a task rested, each time.
private actor Rests {
    private(set) var all: [Duration] = []

    func add(_ duration: Duration) { all.append(duration) }
}

/// How often each URL was sent to.
private actor Deliveries {
    private var counts: [String: Int] = [:]
    private var waiting:
        [(url: String, count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    func count(of url: String) -> Int { counts[url, default: 0] }

    func add(_ url: String) {
        counts[url, default: 0] += 1
        for one in waiting where isThere(one.count, one.url) { one.continuation.resume() }
        waiting.removeAll { isThere($0.count, $0.url) }
    }

    func wait(for count: Int, of url: String) async {
        guard !isThere(count, url) else { return }
        await withCheckedContinuation { waiting.append((url, count, $0)) }
    }

    private func isThere(_ count: Int, _ url: String) -> Bool { counts[url, default: 0] >= count }
}

/// What a server received.
private actor Inbox {
    struct Received {
        let method: String
        let target: String
        let attempt: String?
        let body: String
    }

    private(set) var all: [Received] = []

    func add(_ request: HTTPRequest) async {
        var body = ""
        while let piece = try? await request.body.next() { body += String(buffer: piece) }
        all.append(
            Received(
                method: request.method.rawValue,
                target: request.target,
                attempt: request.headers.first(name: "pail-attempt"),
                body: body
            )
        )
    }
}
