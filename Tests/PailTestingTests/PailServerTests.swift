import GalleryClient
import NIOCore
import PailTesting
import Testing

@Suite struct PailServerTests {
    @Test func `a server in memory saves and opens, and its end is its end`() async throws {
        // The first start of a process loads what later ones find.
        try await PailServer.start().shutDown()
        let begun = ContinuousClock.now
        let started = try await PailServer.start(PailOptions(buckets: ["photos"]))
        print("a server starts in \(ContinuousClock.now - begun)")
        let storage = try await started.own.gallery("photos")
        _ = try await storage.save(.bytes(ByteBuffer(string: "meow")), named: "cat.jpg")
        #expect(try await storage.stat("cat.jpg")?.size == 4)
        try await started.own.reset()
        #expect(try await storage.stat("cat.jpg") == nil)
        await started.shutDown()
        await #expect(throws: StorageError.self) { try await storage.stat("cat.jpg") }
    }

    @Test func `a server in a temporary folder is not reset, and its tenants are`() async throws {
        let server = try await PailServer.start(
            PailOptions(storage: .temporaryFolder, buckets: ["photos"])
        )
        let error = await #expect(throws: PailFailure.self) { try await server.own.reset() }
        #expect(error?.description.hasPrefix("StoreOnDisk: ") == true)
        let tenant = try await server.tenant("mine", buckets: ["photos"])
        try await tenant.reset()
        #expect(tenant.host == "mine.tenant.localhost:\(server.port)")
        await server.shutDown()
    }

    @Test func `several servers are no hindrance to each other`() async throws {
        let one = try await PailServer.start(PailOptions(buckets: ["photos"]))
        let two = try await PailServer.start(PailOptions(buckets: ["photos"]))
        _ = try await one.own.gallery("photos").save(.bytes(ByteBuffer(string: "1")), named: "a")
        #expect(try await two.own.gallery("photos").stat("a") == nil)
        #expect(one.port != two.port)
        await one.shutDown()
        await two.shutDown()
    }
}
