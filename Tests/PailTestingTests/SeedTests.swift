import Foundation
import GalleryClient
import PailTesting
import Testing

/// What a server, a tenant and a test begin with, and what a server leaves behind.
@Suite(.serialized) struct SeedTests {
    /// A folder with one bucket and one object in it, made once for all of these tests.
    static let folder: String = {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "seeds-of-pail-\(UUID().uuidString)")
        let cats = folder.appending(path: "photos/cats")
        try? FileManager.default.createDirectory(at: cats, withIntermediateDirectories: true)
        try? Data("meow".utf8).write(to: cats.appending(path: "tom.jpg"))
        return folder.path()
    }()

    /// The temporary folders of servers that are there now.
    private func temporaryFolders() throws -> Set<String> {
        let all = try FileManager.default.contentsOfDirectory(
            atPath: FileManager.default.temporaryDirectory.path()
        )
        return Set(all.filter { $0.hasPrefix("pail-testing-") })
    }

    @Test(.pail(buckets: ["empty"], seed: SeedTests.folder))
    func `the trait fills a test's tenant from a folder`() async throws {
        let pail = try PailTenant.current
        #expect(try await pail.gallery("photos").stat("cats/tom.jpg")?.size == 4)
        #expect(try await pail.gallery("empty").list("", after: nil).files.isEmpty)
    }

    @Test func `a server is filled from a folder, and a reset brings back what was in it`()
        async throws
    {
        let server = try await PailServer.start(PailOptions(seed: Self.folder))
        let storage = try await server.own.gallery("photos")
        #expect(try await storage.stat("cats/tom.jpg")?.size == 4)
        try await storage.delete("cats/tom.jpg")
        try await server.own.reset()
        #expect(try await storage.exists("cats/tom.jpg") == true)
        await server.shutDown()
    }

    @Test(.pail()) func `a tenant that is there is filled by a call`() async throws {
        let pail = try PailTenant.current
        try await pail.seed(Self.folder)
        #expect(try await pail.gallery("photos").exists("cats/tom.jpg") == true)
    }

    @Test func `a tenant that cannot be filled is not there`() async throws {
        let server = try await PailServer.start()
        await #expect(throws: PailFailure.self) {
            try await server.tenant("mine", seed: Self.folder + "-that-is-nowhere")
        }
        let mine = try await server.tenant("mine")
        try await mine.drop()
        await server.shutDown()
    }

    @Test func `a temporary folder is filled while its server runs, and is removed with it`()
        async throws
    {
        let before = try temporaryFolders()
        let server = try await PailServer.start(
            PailOptions(storage: .temporaryFolder, buckets: ["photos"])
        )
        let made = try temporaryFolders().subtracting(before)
        #expect(!made.isEmpty)
        #expect(
            try made.contains { name in
                let path = FileManager.default.temporaryDirectory.appending(path: name).path()
                return try FileManager.default.contentsOfDirectory(atPath: path)
                    .contains("index.db")
            }
        )
        await server.shutDown()
        // Another server's, of a test that runs beside this one, may be there still.
        #expect(try temporaryFolders().intersection(made).count < made.count)
    }

    @Test(.pail(buckets: ["photos"])) func `the variables of a tenant are its own`() async throws {
        let pail = try PailTenant.current
        #expect(
            pail.environment == [
                "AWS_ACCESS_KEY_ID": pail.accessKey, "AWS_SECRET_ACCESS_KEY": pail.secretKey,
                "AWS_ENDPOINT_URL_S3": pail.endpoint, "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1",
            ]
        )
        #expect(try await pail.endpoint == PailServer.shared.endpoint)
    }
}
