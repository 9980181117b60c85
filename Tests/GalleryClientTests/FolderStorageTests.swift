import Foundation
import NIOCore
import Testing

@testable import GalleryClient

@Suite struct FolderStorageTests {
    let folder: TemporaryFolder
    let storage: FolderStorage

    init() throws {
        folder = try TemporaryFolder()
        storage = FolderStorage(FolderConfiguration(path: folder.path))
    }

    private var left: [String] {
        get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func `a file is where its name says, and nothing else is left`() async throws {
        try await storage.save("meow", as: "images/cat.jpg")
        #expect(try left == ["images", "images/cat.jpg"])
        let text = try String(contentsOfFile: folder.path + "/images/cat.jpg", encoding: .utf8)
        #expect(text == "meow")
    }

    @Test func `a failed save leaves nothing`() async throws {
        struct Broken: Error {}
        let pieces = Told()
        let body = MediaBody {
            pieces.add(1)
            if pieces.all.count > 1 { throw Broken() }
            return ByteBuffer(string: "half")
        }
        await #expect(throws: Broken.self) {
            _ = try await storage.save(.stream(length: nil, body), named: "a.txt")
        }
        #expect(try left.isEmpty)
    }

    @Test func `half a file is never seen`() async throws {
        let seen = Told()
        let (storage, pieces) = (storage, Told())
        let body = MediaBody {
            pieces.add(1)
            seen.add(try await storage.exists("a.txt") ? 1 : 0)
            seen.add(Int64(try await storage.list("", after: nil).files.count))
            return pieces.all.count > 3 ? nil : ByteBuffer(string: "piece")
        }
        _ = try await storage.save(.stream(length: nil, body), named: "a.txt")
        #expect(seen.all.allSatisfy { $0 == 0 })
        #expect(try await storage.text("a.txt") == "piecepiecepiece")
    }

    @Test func `symbolic links lead nowhere`() async throws {
        let outside = try TemporaryFolder()
        _ = try outside.file("secret.txt", "secret")
        let manager = FileManager.default
        try manager.createSymbolicLink(
            atPath: folder.path + "/out",
            withDestinationPath: outside.path
        )
        try manager.createSymbolicLink(
            atPath: folder.path + "/link.txt",
            withDestinationPath: outside.path + "/secret.txt"
        )
        for name in ["out/secret.txt", "link.txt"] {
            #expect(try await storage.lacks(name))
            #expect(await failure { _ = try await storage.open(name) }?.kind == .notFound)
        }
        #expect(await failure { try await storage.save("x", as: "out/new.txt") } != nil)
        try await storage.save("mine", as: "link.txt", .overwrite)
        #expect(try await storage.text("link.txt") == "mine")
        try await storage.delete("out/secret.txt")
        let listing = try await storage.list("", after: nil)
        #expect(listing.folders.isEmpty)
        #expect(listing.files.map(\.name) == ["link.txt"])
        let text = try String(contentsOfFile: outside.path + "/secret.txt", encoding: .utf8)
        #expect(text == "secret")
        #expect(try manager.contentsOfDirectory(atPath: outside.path) == ["secret.txt"])
    }

    @Test func `a folder's name is taken`() async throws {
        try await storage.save("x", as: "images/cat.jpg")
        #expect(try await storage.lacks("images"))
        #expect(try await storage.save("x", as: "images").name != "images")
        let error = await failure { try await storage.save("x", as: "images", .overwrite) }
        #expect(error?.kind == .alreadyExists)
        #expect(await failure { try await storage.save("x", as: "images/cat.jpg/a") } != nil)
        #expect(try await storage.lacks("images/cat.jpg/a"))
    }

    @Test func `a name too long for the file system is told as one`() async throws {
        let name = String(repeating: "a", count: 256)
        #expect(await failure { try await storage.save("x", as: name) }?.kind == .invalidName)
        #expect(try await storage.lacks(name))
    }

    @Test func `names of files that are being written are refused`() async {
        let name = MediaFolder.unfinishedPrefix + "x"
        #expect(await failure { try await storage.save("x", as: name) }?.kind == .invalidName)
    }

    @Test func `a pipe is no file and is not waited for`() async throws {
        #expect(unsafe mkfifo(folder.path + "/pipe", 0o600) == 0)
        #expect(try await storage.lacks("pipe"))
        #expect(await failure { _ = try await storage.open("pipe") }?.kind == .notFound)
        #expect(try await storage.list("", after: nil).files.isEmpty)
    }

    @Test func `URLs are the base and the name, and only that`() async throws {
        #expect(try storage.url(for: "images/my cat.jpg") == "/media/images/my%20cat.jpg")
        for options in [
            URLOptions(method: .put), URLOptions(expires: 60), URLOptions(download: "a.jpg"),
            URLOptions(contentType: "text/plain"),
        ] {
            let error = await failure { _ = try storage.url(for: "a.jpg", options: options) }
            #expect(error?.kind == .unsupported)
        }
        let direct = await failure {
            _ = try await storage.directUpload(named: "a.jpg", options: DirectUploadOptions())
        }
        #expect(direct?.kind == .unsupported)
    }

    @Test func `metadata, which would be lost, is refused`() async {
        let error = await failure {
            let options = SaveOptions(metadata: ["a": "b"])
            _ = try await storage.save(.bytes(ByteBuffer()), named: "a", options: options)
        }
        #expect(error?.kind == .unsupported)
    }
}
