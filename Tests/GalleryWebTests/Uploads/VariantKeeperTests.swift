import GalleryClient
import Logging
import Testing

@testable import GalleryWeb

/// Deletes the newest post whenever it is shown an image.
private struct DeletingWorkshop: PictureWorkshop {
    let posts: Posts
    let seen = Seen()

    actor Seen {
        var names: [String] = []
        func add(_ name: String) { names.append(name) }
    }

    func inspect(_ path: String) async throws -> PictureFacts {
        try await TextWorkshop().inspect(path)
    }

    func saveVariants(
        of path: String,
        named name: String,
        in storage: any MediaStorage
    ) async throws {}

    func remakeVariants(of name: String, in storage: any MediaStorage) async throws -> Bool {
        await seen.add(name)
        if let post = try await posts.older(than: nil, limit: 1).first {
            _ = try await posts.delete(post.id)
        }
        return false
    }

    func name(of variant: PictureVariant, for name: String) -> String { "\(name).\(variant)" }
}

@Suite struct VariantKeeperTests {
    @Test func `posts that are deleted meanwhile hide no others`() async throws {
        let site = try await TestSite()
        for name in ["a", "b", "c", "d", "e"] { try await site.add(name) }
        let workshop = DeletingWorkshop(posts: site.site.posts)
        let keeper = VariantKeeper(
            posts: site.site.posts,
            storage: site.storage,
            workshop: workshop,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            batch: 2
        )

        await keeper.remakeAll()

        let names = ["e", "d", "c", "b", "a"].map { "images/\($0).jpg" }
        #expect(await workshop.seen.names == names)
    }

    @Test func `what is missing is made again, and one that cannot be stops no other`() async throws
    {
        let site = try await TestSite()
        for name in ["whole", "lost", "half"] { try await site.add(name) }
        for name in site.storage.names where name.hasPrefix("images/lost") {
            try await site.storage.delete(name)
        }
        try await site.storage.delete("images/half.jpg.small")
        let keeper = VariantKeeper(
            posts: site.site.posts,
            storage: site.storage,
            workshop: TextWorkshop(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )

        await keeper.remakeAll()

        #expect(site.storage.content(of: "images/half.jpg.small") == Array("again".utf8))
        #expect(site.storage.content(of: "images/whole.jpg.small") == [1])
        #expect(site.storage.names.count == 6)
    }
}
