import Foundation
import GalleryClient
import Instruments
import NIOCore
import PailTesting
import S3Protocol
import Testing

/// What a test with a tenant of its own can do.
@Suite(.pail(buckets: ["photos"])) struct PailTraitTests {
    private func body(_ text: String) -> MediaSource { .bytes(ByteBuffer(string: text)) }

    @Test(arguments: 0..<200)
    func `two hundred cases at a time each find what they wrote, and nothing else`(
        number: Int
    )
        async throws
    {
        let pail = try PailTenant.current
        let storage = try await pail.gallery("photos")
        _ = try await storage.save(body("\(number)"), named: "mine")
        #expect(try await storage.stat("mine")?.size == Int64("\(number)".utf8.count))
        #expect(try await storage.list("", after: nil).files.count == 1)
        #expect(await pail.calls(.putObject).count == 1)
    }

    @Test func `calls are counted as they were made`() async throws {
        let pail = try PailTenant.current
        let storage = try await pail.gallery("photos")
        _ = try await storage.save(body("meow"), named: "cat.jpg")
        #expect(await pail.calls(.putObject, key: "cat.jpg").count == 1)
        #expect(await pail.calls(.putObject, bucket: "photos", key: "*.png").isEmpty)
        #expect(await pail.calls("Put*").first?.requestBytes == 4)
        #expect(await pail.waitForCalls(1, .putObject).count == 1)
    }

    @Test func `a client tries again where a call fails`() async throws {
        let pail = try PailTenant.current
        try pail.fail(.putObject, key: "cat.jpg", times: 2, with: .slowDown)
        _ = try await pail.gallery("photos").save(body("meow"), named: "cat.jpg")
        let calls = await pail.calls(.putObject, key: "cat.jpg")
        #expect(calls.map(\.status) == [503, 503, 200])
    }

    @Test func `a test goes to and fro`() async throws {
        let pail = try PailTenant.current
        let storage = try await pail.gallery("photos")
        _ = try await storage.save(body("1"), named: "a")
        try await pail.takeSnapshot("one")
        _ = try await storage.save(body("2"), named: "b")
        let fork = try await pail.fork()
        try await pail.restore("one")
        #expect(try await storage.exists("a") == true)
        #expect(try await storage.exists("b") == false)
        #expect(try await fork.gallery("photos").exists("b") == true)
        try await pail.empty()
        await #expect(throws: StorageError.self) { try await storage.save(body("3"), named: "c") }
        try await pail.reset()
        #expect(try await storage.exists("a") == false)
        try await fork.drop()
    }

    @Test func `the clock is the test's own`() async throws {
        let pail = try PailTenant.current
        try await pail.clock.freeze(at: Timestamp(seconds: 2_000_000_000))
        let storage = try await pail.gallery("photos")
        _ = try await storage.save(body("1"), named: "a")
        #expect(try await storage.stat("a")?.modified == Date(timeIntervalSince1970: 2_000_000_000))
    }
}

@Suite struct WithoutTraitTests {
    @Test func `a test without the trait is told how to get a tenant`() {
        let error = #expect(throws: PailFailure.self) { try PailTenant.current }
        #expect(error?.description.contains(".pail(") == true)
    }

    @Test func `a tenant is lent to a function, and dropped after it, whatever its end`()
        async throws
    {
        struct Stop: Error {}
        var names: [String] = []
        await #expect(throws: Stop.self) {
            try await PailServer.shared.withTenant(buckets: ["photos"]) { pail in
                names.append(pail.name)
                throw Stop()
            }
        }
        let name = try #require(names.first)
        let again = try await PailServer.shared.tenant(name)
        try await again.drop()
        await #expect(throws: PailFailure.self) { try await again.reset() }
    }

    @Test(.pail(buckets: ["one", "two"])) func `the trait is for one test too`() async throws {
        #expect(try await PailTenant.current.gallery("two").exists("x") == false)
    }
}
