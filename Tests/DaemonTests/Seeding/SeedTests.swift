import Foundation
import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

@testable import Daemon

/// Folders that become buckets.
@Suite struct SeedTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes a file below the folder, with the folders that lead to it.
    private func write(_ path: String, _ text: String = "") throws {
        let url = URL(filePath: "\(folder.path)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    private func refusal() -> String? {
        do {
            _ = try SeedFolder(folder.path)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `folders are buckets, and the files below them objects with a type by their names`()
        async throws
    {
        try write("photos/cats/a b+ü.png", "cat")
        try write("photos/plain", "plain")
        try write("notes/deep/er/x.tar.gz", String(repeating: "x", count: 1_000_000))
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/nothing-in-it",
            withIntermediateDirectories: false
        )
        try write("README.md")
        try write(".git/config")
        let world = try await TenantWorld.start { $0.seedFolder = folder.path }

        let cat = try await world.send(
            .GET,
            "/photos/cats/a%20b%2B%C3%BC.png",
            by: world.daemon.credentials
        )
        #expect(cat.text == "cat" && cat.headers.first(name: "Content-Type") == "image/png")
        let plain = try await world.send(.HEAD, "/photos/plain", by: world.daemon.credentials)
        #expect(plain.headers.first(name: "Content-Type") == "binary/octet-stream")
        let large = try await world.send(
            .HEAD,
            "/notes/deep/er/x.tar.gz",
            by: world.daemon.credentials
        )
        #expect(large.headers.first(name: "Content-Length") == "1000000")
        #expect(try world.standard.store.bucket("nothing-in-it").name == "nothing-in-it")

        _ = try await world.send(.DELETE, "/photos/plain", by: world.daemon.credentials)
        try await world.standard.reset()
        #expect(
            try await world.send(.GET, "/photos/plain", by: world.daemon.credentials).text
                == "plain"
        )
        let report = try await world.standard.seed(
            try SeedFolder(folder.path),
            .everything,
            world.daemon.configuration
        )
        #expect(report.buckets == ["notes", "nothing-in-it", "photos"] && report.objects == 3)
        #expect(report.bytes == 1_000_008 && report.skipped == [".git", "README.md"])
        await world.daemon.shutDown()
    }

    @Test func `a sidecar says what an object has beside its bytes`() async throws {
        try write("photos/cat", "cat")
        try write(
            "photos/cat.pail.json",
            """
            {"contentType": "image/webp", "cacheControl": "max-age=60", "storageClass": "STANDARD_IA",
             "metadata": {"Name": "Tom"}, "tags": {"colour": "red + blue"}}
            """
        )
        let world = try await TenantWorld.start { $0.seedFolder = folder.path }
        let key = world.daemon.credentials

        let head = try await world.send(.HEAD, "/photos/cat", by: key).headers
        #expect(head.first(name: "Content-Type") == "image/webp")
        #expect(head.first(name: "Cache-Control") == "max-age=60")
        #expect(head.first(name: "x-amz-storage-class") == "STANDARD_IA")
        #expect(head.first(name: "x-amz-meta-name") == "Tom")
        let tags = try await world.send(.GET, "/photos/cat?tagging", by: key).text
        #expect(tags.contains("<Key>colour</Key><Value>red + blue</Value>"))
        #expect(try await world.send(.HEAD, "/photos/cat.pail.json", by: key).status == 404)
        await world.daemon.shutDown()
    }

    @Test func `a start fills what is missing or empty, and touches nothing else`() async throws {
        try write("photos/cat", "seed")
        try write("notes/a", "seed")
        let data = "\(folder.path)/../\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: data) }
        func start() async throws -> TenantWorld {
            try await TenantWorld.start {
                $0.storage = .folder(data)
                $0.seedFolder = folder.path
                $0.buckets = ["photos"]
            }
        }
        let first = try await start()
        let key = first.daemon.credentials
        _ = try await first.send(.PUT, "/photos/cat", "mine", by: key)
        _ = try await first.send(.DELETE, "/notes/a", by: key)
        await first.daemon.shutDown()

        let second = try await start()
        #expect(try await second.send(.GET, "/photos/cat", by: key).text == "mine")
        #expect(try await second.send(.GET, "/notes/a", by: key).text == "seed")
        await second.daemon.shutDown()
    }

    @Test(arguments: [
        (["Bad_Name/a"], "Bad_Name"), (["photos.pail.json"], "photos.pail.json"),
        (["photos/cat.pail.json"], "cat.pail.json"),
    ])
    func `what can be no bucket and belongs to no file is refused by name`(
        files: [String],
        named: String
    ) throws {
        for file in files { try write(file, "{}") }
        #expect(refusal()?.contains(named) == true)
    }

    @Test(arguments: [
        (#"{"contenttype": "a/b"}"#, "contenttype"), (#"{"metadata": {"a": 1}}"#, "\"a\""),
        (#"{"contentType": "a\r\nX: y"}"#, "contentType"), (#"{"metadata": {"a b": "c"}}"#, "a b"),
        ("[]", "object"), ("{", "JSON"), (#"{"tags": "a"}"#, "tags"),
    ])
    func `a sidecar that is not understood is refused`(text: String, named: String) throws {
        try write("photos/cat")
        try write("photos/cat.pail.json", text)
        let words = try #require(refusal())
        #expect(words.contains("cat.pail.json") && words.contains(named))
    }

    @Test func `what S3 refuses is refused at the start, with its words`() async throws {
        try write("photos/cat")
        try write("photos/cat.pail.json", #"{"storageClass": "GOLD"}"#)
        let error = await #expect(throws: Refusal.self) {
            try await TenantWorld.start { $0.seedFolder = folder.path }
        }
        #expect(error?.description.contains("photos/cat") == true)
        #expect(error?.description.contains("InvalidStorageClass") == true)
    }

    @Test func `a folder that is not there is refused, and a link in a circle`() throws {
        #expect(throws: Refusal.self) { try SeedFolder("\(folder.path)/none") }
        try write("photos/cat")
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/photos/again",
            withDestinationPath: "\(folder.path)/photos"
        )
        #expect(refusal() != nil)
    }
}
