import GalleryClient
import Logging
import ServiceLifecycle

/// Makes the smaller images that are missing, once after the start: of files that were moved to another storage without
/// them, or lost.
struct VariantKeeper: Service {
    let posts: Posts
    let storage: any MediaStorage
    let workshop: any PictureWorkshop
    let logger: Logger

    /// How many posts are read at once.
    private static let batch = 100

    func run() async throws {
        await cancelWhenGracefulShutdown { await remakeAll() }
        // A service that ends ends all of them.
        try? await gracefulShutdown()
    }

    /// Looks at every post; what cannot be made is logged, and does not stop the others.
    func remakeAll() async {
        var number = 1
        while !Task.isCancelled,
            let page = try? await posts.page(number, size: Self.batch)
        {
            for post in page.posts where !Task.isCancelled { await remake(post) }
            number += 1
        }
    }

    private func remake(_ post: Post) async {
        do {
            let wasMissing = try await workshop.remakeVariants(of: post.image.name, in: storage)
            if wasMissing { logger.notice("Made the smaller images of \(post.image.name)") }
        } catch {
            logger.error("The smaller images of \(post.image.name) cannot be made: \(error)")
        }
    }
}
