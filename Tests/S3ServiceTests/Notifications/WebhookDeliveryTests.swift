import Digests
import Logging
import NIOHTTP1
import S3Protocol
import Testing

@testable import ObjectStore
@testable import S3Service

struct WebhookDeliveryTests {
    private static let secret = "0123456789abcdef"
    private static let topic = """
        <TopicConfiguration><Id>t</Id><Topic>arn:aws:sns:us-east-1:000000000000:hook</Topic>\
        <Event>s3:ObjectCreated:*</Event></TopicConfiguration>
        """

    private let s3: TestS3
    private let webhooks = TestWebhooks()
    private let delivery: WebhookDelivery

    init() async throws {
        let s3 = try await TestS3(configuration: ServiceConfiguration(webhooks: ["hook"]))
        self.s3 = s3
        delivery = WebhookDelivery(
            Webhook(name: "hook", url: "http://127.0.0.1:1/in?x=1"),
            mailbox: s3.store.mailbox,
            secret: WebhookSecret(Self.secret),
            time: s3.time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { [webhooks] in webhooks.receive($0) }
    }

    private var keys: [String?] {
        webhooks.requests.map { String(decoding: $0.body, as: UTF8.self).value(of: "key") }
    }

    private func header(_ name: String, of request: WebhookRequest) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    @Test func `an event is sent once, signed over the moment and the body`() async throws {
        await s3.notify(Self.topic)
        await delivery.deliverDue()
        await delivery.deliverDue()
        let request = try #require(webhooks.requests.first)
        #expect(webhooks.requests.count == 1)
        #expect(request.url == "http://127.0.0.1:1/in?x=1")
        let moment = try #require(header("Pail-Timestamp", of: request))
        #expect(moment == "1700000000" && header("Pail-Attempt", of: request) == "1")
        let expected = HMAC.sha256(
            key: Array(Self.secret.utf8),
            Array("\(moment).".utf8) + request.body
        )
        #expect(header("Pail-Signature", of: request) == "v1=" + Hex.encode(expected))
        #expect(try delivery.nextDue() == nil)
    }

    @Test func `an event that is not taken is sent again, after pauses that grow`() async throws {
        await s3.notify(Self.topic)
        webhooks.answer(500)
        await delivery.deliverDue()
        for pause: Int64 in [1, 2, 4, 8] {
            let sent = webhooks.requests.count
            let due = try #require(try delivery.nextDue())
            #expect(due.milliseconds - s3.time.now().milliseconds == pause * 1000)
            s3.time.advance(bySeconds: pause - 1)
            await delivery.deliverDue()
            #expect(webhooks.requests.count == sent)
            s3.time.advance(bySeconds: 1)
            await delivery.deliverDue()
            #expect(webhooks.requests.count == sent + 1)
        }
        #expect(Set(webhooks.requests.map { header("Pail-Event-Id", of: $0) }).count == 1)
        webhooks.answer(204)
        s3.time.advance(bySeconds: 16)
        await delivery.deliverDue()
        #expect(header("Pail-Attempt", of: try #require(webhooks.requests.last)) == "6")
        #expect(try delivery.nextDue() == nil)
    }

    @Test func `an event that fails holds back those about its key, and no others`() async throws {
        await s3.notify(Self.topic)
        await delivery.deliverDue()
        for key in ["a", "b", "a"] { _ = await s3.put(key) }
        webhooks.answer(503)
        await delivery.deliverDue()
        #expect(keys == [nil, "a", "b"])
        webhooks.answer(200)
        s3.time.advance(bySeconds: 1)
        await delivery.deliverDue()
        #expect(keys == [nil, "a", "b", "a", "b", "a"])
    }

    @Test func `a start sends at once what waited for its next attempt`() async throws {
        await s3.notify(Self.topic)
        webhooks.answer(500)
        await delivery.deliverDue()
        webhooks.answer(200)
        try await delivery.retryNow()
        await delivery.deliverDue()
        #expect(webhooks.requests.count == 2)
    }

    @Test func `an event that was taken is no failed delivery where the store only reads`()
        async throws
    {
        await s3.notify(Self.topic)
        s3.store.health.turnReadOnly(because: .disk("test"))
        #expect(await !delivery.deliverDue())
        #expect(webhooks.requests.count == 1)

        #expect(s3.store.health.turnWritable(unlessFailedSince: 1))
        #expect(await delivery.deliverDue())
        #expect(webhooks.requests.map { header("Pail-Attempt", of: $0) } == ["1", "1"])
        #expect(try delivery.nextDue() == nil)
    }

    @Test func `an event is given up at last`() async throws {
        await s3.notify(Self.topic)
        webhooks.answer(400)
        for _ in 0..<WebhookDelivery.maximumAttempts {
            await delivery.deliverDue()
            s3.time.advance(bySeconds: WebhookDelivery.longestPause)
        }
        #expect(webhooks.requests.count == WebhookDelivery.maximumAttempts)
        #expect(try delivery.nextDue() == nil)
    }

    @Test func `a pause is never longer than its limit`() {
        #expect(
            (1...9).map { WebhookDelivery.pause(after: $0) } == [1, 2, 4, 8, 16, 32, 64, 128, 256]
        )
        #expect(WebhookDelivery.pause(after: 10) == 300)
        #expect(WebhookDelivery.pause(after: .max) == 300)
    }
}
