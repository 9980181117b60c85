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
    var batch = 100

    func run() async throws {
        await cancelWhenGracefulShutdown { await remakeAll() }
        // A service that ends ends all of them.
        try? await gracefulShutdown()
    }

    /// Looks at every post; what cannot be made is logged, and does not stop the others.
    func remakeAll() async {
        // By their numbers: posts that are deleted meanwhile move no others out of sight.
        var last: Int64?
        do {
            while !Task.isCancelled {
                let next = try await posts.older(than: last, limit: batch)
                guard let oldest = next.last else { return }
                for post in next where !Task.isCancelled { await remake(post) }
                last = oldest.id
            }
        } catch {
            logger.error("Not all posts could be looked at for smaller images: \(error)")
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
