import HTTPTypes
import HummingbirdTesting
import S3Protocol
import Testing

@testable import GalleryWeb

@Suite struct LogInLimitsTests {
    private let time = ManualTime(Timestamp(seconds: 1_000_000))
    private let limits: LogInLimits

    init() throws {
        let database = try GalleryDatabase()
        try database.migrate()
        limits = LogInLimits(database: database, time: time)
    }

    private func begin(
        _ count: Int,
        _ name: (Int) -> String,
        from peer: (Int) -> String
    )
        async throws
    {
        for number in 0..<count {
            #expect(try await limits.begin(name(number), from: peer(number)) == nil)
        }
    }

    @Test func `the sixth attempt with one name from one place waits a quarter of an hour`()
        async throws
    {
        try await begin(5, { _ in "keeper" }, from: { _ in "10.0.0.1" })
        time.advance(bySeconds: 60)

        #expect(try await limits.begin("keeper", from: "10.0.0.1") == 14 * 60)
        #expect(try await limits.begin("keeper", from: "10.0.0.2") == nil)
        #expect(try await limits.begin("other", from: "10.0.0.1") == nil)
        time.advance(bySeconds: 14 * 60 - 1)
        #expect(try await limits.begin("keeper", from: "10.0.0.1") == 1)
        time.advance(bySeconds: 1)
        #expect(try await limits.begin("keeper", from: "10.0.0.1") == nil)
    }

    @Test func `one place may not try many names`() async throws {
        try await begin(20, { "name-\($0)" }, from: { _ in "10.0.0.1" })

        #expect(try await limits.begin("one more", from: "10.0.0.1") == LogInLimits.window)
        #expect(try await limits.begin("one more", from: "10.0.0.2") == nil)
    }

    @Test func `many places may not try one name`() async throws {
        try await begin(100, { _ in "keeper" }, from: { "10.0.0.\($0)" })

        #expect(try await limits.begin("keeper", from: "10.0.1.1") == LogInLimits.window)
        #expect(try await limits.begin("other", from: "10.0.1.1") == nil)
    }

    @Test func `success forgets what failed before it`() async throws {
        try await begin(4, { _ in "keeper" }, from: { _ in "10.0.0.1" })
        try await limits.succeeded("keeper", from: "10.0.0.1")

        try await begin(5, { _ in "keeper" }, from: { _ in "10.0.0.1" })
    }

    @Test func `a waiting attempt does not make the wait longer`() async throws {
        try await begin(5, { _ in "keeper" }, from: { _ in "10.0.0.1" })
        for _ in 0..<50 { _ = try await limits.begin("keeper", from: "10.0.0.1") }
        time.advance(bySeconds: LogInLimits.window)

        #expect(try await limits.begin("keeper", from: "10.0.0.1") == nil)
    }

    @Test func `the page says how long to wait, even to the right password`() async throws {
        let site = try await TestSite()
        try await site.browse { browser in
            for _ in 0..<LogInLimits.perNameAndPeer {
                #expect(
                    try await browser.logIn(TestSite.user, "wrong").status == .unprocessableContent
                )
            }
            let reply = try await browser.logIn()
            #expect(reply.status == .tooManyRequests && reply.headers[.retryAfter] == "900")
            #expect(reply.text.contains("Too many attempts. Try again in 15 minutes."))

            site.time.advance(bySeconds: LogInLimits.window)
            #expect(try await browser.logIn().status == .seeOther)
        }
    }

    @Test func `behind a proxy the place is whom the proxy names last`() async throws {
        let site = try await TestSite(settings: SiteSettings(isBehindHTTPS: true))
        try await site.browse { browser in
            let first: HTTPFields = [.xForwardedFor: "6.6.6.6, 10.0.0.1"]
            let made: HTTPFields = [.xForwardedFor: "7.7.7.7, 10.0.0.1"]
            let other: HTTPFields = [.xForwardedFor: "10.0.0.2"]
            for _ in 0..<LogInLimits.perNameAndPeer {
                try await browser.logIn(TestSite.user, "wrong", headers: first)
            }
            #expect(try await browser.logIn(headers: made).status == .tooManyRequests)
            #expect(try await browser.logIn(headers: other).status == .seeOther)
        }
    }
}
