import GalleryClient
import Logging
import Testing

@testable import GalleryWeb

@Suite struct VariantKeeperTests {
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
