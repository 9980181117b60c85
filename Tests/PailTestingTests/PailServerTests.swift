import Foundation
import GalleryClient
import NIOCore
import PailTesting
import Testing

@Suite(.serialized) struct PailServerTests {
    @Test func `a server in memory saves and opens, and its end is its end`() async throws {
        let started = try await PailServer.start(PailOptions(buckets: ["photos"]))
        let storage = try await started.own.gallery("photos")
        _ = try await storage.save(.bytes(ByteBuffer(string: "meow")), named: "cat.jpg")
        #expect(try await storage.stat("cat.jpg")?.size == 4)
        try await started.own.reset()
        #expect(try await storage.stat("cat.jpg") == nil)
        await started.shutDown()
        await #expect(throws: StorageError.self) { try await storage.stat("cat.jpg") }
    }

    @Test func `what a start takes is printed, and each server that started is one of its own`()
        async throws
    {
        var times: [Duration] = []
        var ports: Set<Int> = []
        var servers: [PailServer] = []
        for _ in 0..<21 {
            let begun = ContinuousClock.now
            let server = try await PailServer.start(PailOptions(buckets: ["photos"]))
            times.append(ContinuousClock.now - begun)
            ports.insert(server.port)
            servers.append(server)
        }
        let sorted = times.sorted()
        print("21 servers start in \(sorted[0]) to \(sorted[20]), median \(sorted[10])")
        #expect(ports.count == 21)
        for server in servers {
            #expect(try await server.own.gallery("photos").exists("x") == false)
            await server.shutDown()
        }
    }

    @Test func `a server that cannot start leaves no folder`() async throws {
        func folders() throws -> [String] {
            let path = FileManager.default.temporaryDirectory.path()
            return try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasPrefix("pail-testing-") }
        }
        let before = try folders()
        await #expect(throws: PailFailure.self) {
            try await PailServer.start(
                PailOptions(storage: .temporaryFolder, seed: "/there/is/none")
            )
        }
        #expect(try folders() == before)
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
