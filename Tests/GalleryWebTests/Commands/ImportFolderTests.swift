import Digests
import Foundation
import GalleryClient
import GalleryWeb
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import TestSupport
import Testing

@Suite struct ImportFolderTests {
    let s3: InProcessS3
    let wire: FaultyTransport
    let storage: GalleryStorage
    let written = Written()

    init() async throws {
        s3 = try await InProcessS3()
        wire = FaultyTransport(s3.transport) { _, request in
            request.target.contains("broken") && request.method == .PUT
                ? .answer(.forbidden, [:], "<Error><Code>AccessDenied</Code></Error>") : nil
        }
        storage = GalleryStorage(
            BucketConfiguration(bucket: "photos"),
            client: try s3.client(over: wire)
        )
    }

    private func text(_ name: String) async throws -> String {
        String(buffer: try await storage.open(name).body.collect(upTo: 1 << 26))
    }

    private var puts: Int { wire.sent.count { $0.request.method == .PUT } }

    @Test func `a folder is uploaded with the folders in it`() async throws {
        let tree = try MediaTree([
            "images/cat.jpg": "cat", "images/old/dog 1.jpg": "dog", "a.txt": "",
        ])
        let report = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(report.uploaded == 3)
        #expect(report.uploadedBytes == 6)
        #expect(report.exitCode == 0)
        #expect(try await text("images/old/dog 1.jpg") == "dog")
        #expect(try await storage.stat("images/cat.jpg")?.contentType == "image/jpeg")
        #expect(written.text == "Uploaded 3 files (0.0 MB); 0 were there already; 0 failed.\n")
    }

    @Test func `what is there already is left, and what changed is replaced`() async throws {
        let tree = try MediaTree(["a.jpg": "aaa", "b.jpg": "bbb"])
        _ = try await ImportFolder(tree.path, into: storage, output: written.output()).run()
        try tree.write("b.jpg", "BBB")
        try tree.write("c.jpg", "ccc")
        let before = puts
        let report = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(report.alreadyThere == 1)
        #expect(report.uploaded == 2)
        #expect(puts - before == 2)
        #expect(try await text("b.jpg") == "BBB")
    }

    @Test func `a file that was uploaded in parts is known again`() async throws {
        let big = String(repeating: "0123456789abcdef", count: 600_000)
        let tree = try MediaTree(["film.mp4": big])
        _ = try await ImportFolder(tree.path, into: storage, output: written.output()).run()
        #expect(try await storage.stat("film.mp4")?.etag.hasSuffix("-2") == true)
        let again = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(again.alreadyThere == 1)
        try tree.write("film.mp4", String(big.dropLast()) + "!")
        let changed = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(changed.failures.isEmpty)
        #expect(changed.uploaded == 1)
    }

    @Test func `a file that fails is listed and does not end the import`() async throws {
        let tree = try MediaTree(["broken.jpg": "x", "a\\b.jpg": "x", "fine.jpg": "x"])
        let report = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(report.failures.map(\.name) == ["a\\b.jpg", "broken.jpg"])
        #expect(report.uploaded == 1)
        #expect(report.exitCode == 1)
        #expect(written.text.contains("Failed: broken.jpg: "))
        #expect(written.text.contains("AccessDenied"))
        #expect(written.text.contains("backslash"))
    }

    @Test func `hidden files and links are left out, and told`() async throws {
        let tree = try MediaTree([".DS_Store": "x", "a.jpg": "x", ".git/config": "x"])
        try FileManager.default.createSymbolicLink(
            atPath: tree.path + "/link.jpg",
            withDestinationPath: "/etc/passwd"
        )
        let report = try await ImportFolder(tree.path, into: storage, output: written.output())
            .run()
        #expect(report.uploaded == 1)
        #expect(report.leftOut == [".DS_Store", ".git", "link.jpg"])
        #expect(report.exitCode == 0)
    }

    @Test func `everything can go under a folder`() async throws {
        let tree = try MediaTree(["cat.jpg": "cat"])
        let command = ImportFolder(
            tree.path,
            into: storage,
            under: "images",
            output: written.output()
        )
        _ = try await command.run()
        #expect(try await text("images/cat.jpg") == "cat")
    }

    @Test func `a person sees a bar that ends full`() async throws {
        let tree = try MediaTree(["a.jpg": "aaaa", "b.jpg": "bbbb"])
        let output = written.output(isTerminal: true)
        _ = try await ImportFolder(tree.path, into: storage, output: output).run()
        #expect(written.text.contains("\r"))
        #expect(written.text.contains("[########################] 100 %  2 of 2 files"))
    }

    @Test func `a folder without checksums is compared byte for byte`() async throws {
        let tree = try MediaTree(["a.jpg": "aaaa"])
        let place = try MediaTree(["a.jpg": "aaaa"])
        let folder = FolderStorage(FolderConfiguration(path: place.path))
        let same = try await ImportFolder(tree.path, into: folder, output: written.output()).run()
        #expect(same.alreadyThere == 1)
        try place.write("a.jpg", "aaab")
        let other = try await ImportFolder(tree.path, into: folder, output: written.output()).run()
        #expect(other.uploaded == 1)
    }

    @Test func `a folder that is not there is an error`() async {
        await #expect(throws: (any Error).self) {
            try await ImportFolder("/no/such", into: storage, output: written.output()).run()
        }
    }
}
