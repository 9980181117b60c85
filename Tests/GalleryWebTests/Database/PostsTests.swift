import S3Protocol
import Testing

@testable import GalleryWeb

@Suite struct PostsTests {
    private let posts: Posts

    init() throws {
        let database = try GalleryDatabase()
        try database.migrate()
        posts = Posts(database: database)
    }

    private func add(_ count: Int) async throws {
        for number in 0..<count {
            let image = StoredImage(name: "images/\(number).jpg", width: 4, height: 3)
            _ = try await posts.add(title: "\(number)", image: image, at: Timestamp(seconds: 0))
        }
    }

    @Test func `pages hold the newest first and end with the rest`() async throws {
        try await add(5)

        let first = try #require(try await posts.page(1, size: 2))
        #expect(first.posts.map(\.title) == ["4", "3"])
        #expect(first.count == 3 && first.total == 5)
        #expect(try await posts.page(3, size: 2)?.posts.map(\.title) == ["0"])
    }

    @Test(arguments: [0, -1, 4, Int.max, Int.min])
    func `a page that is not there is none`(number: Int) async throws {
        try await add(5)

        #expect(try await posts.page(number, size: 2) == nil)
    }

    @Test func `a gallery without posts has one empty page`() async throws {
        let page = try #require(try await posts.page(1, size: 2))

        #expect(page.posts.isEmpty && page.count == 1)
        #expect(try await posts.page(2, size: 2) == nil)
    }

    @Test func `pages that are just full leave no empty one behind`() async throws {
        try await add(4)

        #expect(try await posts.page(1, size: 2)?.count == 2)
    }

    @Test func `the post beside one is the next newer and the next older`() async throws {
        try await add(3)
        _ = try await posts.delete(2)

        let beside = try await posts.neighbours(of: 3)
        #expect(beside.newer == nil && beside.older?.title == "0")
    }

    @Test func `an identifier is never given twice`() async throws {
        try await add(1)
        _ = try await posts.delete(1)
        try await add(1)

        #expect(try await posts.page(1, size: 1)?.posts.first?.id == 2)
    }

    @Test func `the database itself refuses a title that is too long`() async throws {
        let image = StoredImage(name: "a", width: 1, height: 1)
        let title = String(repeating: "é", count: 100)
        _ = try await posts.add(title: title, image: image, at: Timestamp(seconds: 0))

        await #expect(throws: (any Error).self) {
            let other = StoredImage(name: "b", width: 1, height: 1)
            _ = try await posts.add(title: title + "x", image: other, at: Timestamp(seconds: 0))
        }
    }
}
