import Foundation
import GalleryClient
import NIOCore
import Testing

@testable import GalleryWeb

/// The workshop with real images.
@Suite struct ImagingWorkshopTests {
    private let workshop = ImagingWorkshop()

    private static let media = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Fixtures/media").standardized

    private func path(_ name: String) -> String { Self.media.appending(path: name).path() }

    @Test(arguments: [
        ("cat.jpg", 480, 360, "image/jpeg", "jpg"), ("bucket.png", 256, 256, "image/png", "png"),
        ("hills-large.jpg", 2400, 1600, "image/jpeg", "jpg"),
    ])
    func `an image is known by its content`(
        name: String,
        width: Int,
        height: Int,
        type: String,
        usual: String
    ) async throws {
        let facts = try await workshop.inspect(path(name))

        #expect(facts.width == width && facts.height == height)
        #expect(facts.contentType == type && facts.extensions.first == usual)
    }

    @Test func `what is no whole image is told to its sender`() async throws {
        let half = try TemporaryFile(in: NSTemporaryDirectory())
        let whole = try Data(contentsOf: URL(filePath: path("cat.jpg")))
        try half.write(.init(bytes: whole.prefix(whole.count / 2)))

        for file in [path("film.mp4"), half.path] {
            await #expect(throws: PostErrors.noImage) { try await workshop.inspect(file) }
        }
    }

    @Test func `both sizes are stored beside the original, and are images`() async throws {
        let storage = MemoryStorage()
        let name = "images/hills.jpg"

        try await workshop.saveVariants(of: path("hills-large.jpg"), named: name, in: storage)

        let names = PictureVariant.allCases.map { workshop.name(of: $0, for: name) }
        #expect(storage.names == names.sorted())
        for (variant, stored) in zip(PictureVariant.allCases, names) {
            let file = try TemporaryFile(in: NSTemporaryDirectory())
            try file.write(.init(bytes: try #require(storage.content(of: stored))))
            let facts = try await workshop.inspect(file.path)
            let original = StoredImage(name: name, width: 2400, height: 1600)
            #expect(facts.width == variant.width(of: original))
        }
    }

    @Test func `a size that is missing is made again of the original`() async throws {
        let storage = MemoryStorage()
        storage.put("images/cat.jpg", Array(try Data(contentsOf: URL(filePath: path("cat.jpg")))))

        #expect(try await workshop.remakeVariants(of: "images/cat.jpg", in: storage))
        #expect(storage.names.count == 3)
        #expect(try await !workshop.remakeVariants(of: "images/cat.jpg", in: storage))
    }
}
