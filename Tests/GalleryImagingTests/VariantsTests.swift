import Foundation
import GalleryClient
import NIOCore
import Testing

@testable import GalleryImaging

@Suite struct VariantsTests {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "gallery-test-\(UUID().uuidString)").path()
    let storage: FolderStorage
    let variants: Variants

    init() {
        storage = FolderStorage(FolderConfiguration(path: path))
        variants = Variants(in: storage, worker: ImageWorker())
    }

    private func remove() { try? FileManager.default.removeItem(atPath: path) }

    private func names() async throws -> [String] {
        try await storage.list("images", after: nil).files.map(\.name)
    }

    @Test func `the name of a size follows from the original's`() {
        #expect(Variant.thumb.name(for: "images/cat.jpg") == "images/cat.jpg~thumb.jpg")
        #expect(Variant.web.name(for: "images/IMG_1.HEIC") == "images/IMG_1.HEIC~web.jpg")
        #expect(Variant.thumb.name(for: "a.png") == "a.png~thumb.webp")
        #expect(Variant.original(of: "images/cat.jpg~thumb.jpg") == "images/cat.jpg")
        #expect(Variant.original(of: "images/cat.jpg") == nil)
        #expect(Variant.original(of: "images/cat~thumb.jpg") == nil)
        #expect(Variant.original(of: "cat.jpg~thumb.webp") == nil)
    }

    @Test func `sizes lie beside the original and go with it`() async throws {
        defer { remove() }
        let source = MediaSource.file(path: Fixture.path("hills-large.jpg"))
        let saved = try await storage.save(source, named: "images/hills.jpg")
        try await variants.make(for: saved.name, from: .file(path: Fixture.path("hills-large.jpg")))
        #expect(
            try await names() == [
                "images/hills.jpg", "images/hills.jpg~thumb.jpg", "images/hills.jpg~web.jpg",
            ]
        )
        let thumb = try await storage.open("images/hills.jpg~thumb.jpg").body.collect(upTo: 1 << 20)
        #expect(try await ImageWorker().inspect(.bytes(thumb)).width == 400)
        try await variants.delete(saved.name)
        #expect(try await names().isEmpty)
    }

    @Test func `a size that is missing is made again from the stored original`() async throws {
        defer { remove() }
        let source = MediaSource.file(path: Fixture.path("bucket.png"))
        try await _ = storage.save(source, named: "images/b.png")
        #expect(try await variants.remake(for: "images/b.png"))
        #expect(try await variants.remake(for: "images/b.png") == false)
        try await storage.delete("images/b.png~web.webp")
        #expect(try await variants.remake(for: "images/b.png"))
        #expect(try await names().count == 3)
    }

    @Test func `no sizes are made of what is no image or not there`() async throws {
        defer { remove() }
        let text = MediaSource.bytes(ByteBuffer(string: "text"))
        _ = try await storage.save(text, named: "images/a.jpg")
        await #expect(throws: ImageError.notAnImage) {
            try await variants.make(for: "images/a.jpg")
        }
        #expect(try await names() == ["images/a.jpg"])
        await #expect(throws: StorageError.self) { try await variants.remake(for: "images/no.jpg") }
    }
}
