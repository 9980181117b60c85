import Hummingbird
import S3Protocol

/// What everybody sees: the gallery, and each post by itself.
struct GalleryPages: Sendable {
    let site: Site

    /// How many pictures are fetched at once; those below them wait until they are near.
    private static let eagerPictures = 6

    /// `GET /`: the posts, the newest first.
    func gallery(_ request: Request, _ context: SiteContext) async throws -> Response {
        let page = try await site.page(of: request, size: SiteSettings.postsPerPage)
        var posts = try page.posts.map { PostView($0, try site.pictures.links(to: $0.image)) }
        for index in posts.indices.prefix(Self.eagerPictures) { posts[index].loading = "eager" }
        let view = PostsView(
            page: try await site.frame("Gallery", context),
            posts: posts,
            hasPosts: !posts.isEmpty,
            count: page.total == 1 ? "1 picture" : "\(page.total) pictures",
            pagination: page.links(under: "/")
        )
        return site.renderer.response(.gallery, view)
    }

    /// `GET /posts/ID`: one post.
    func post(_ request: Request, _ context: SiteContext) async throws -> Response {
        let post = try await site.post(of: context)
        let beside = try await site.posts.neighbours(of: post.id)
        let view = OnePostView(
            page: try await site.frame("\(post.title) – Gallery", context),
            post: PostView(post, try site.pictures.links(to: post.image)),
            newer: beside.newer?.id,
            older: beside.older?.id
        )
        return site.renderer.response(.post, view)
    }
}

extension PostPage {
    /// Where the pages beside this one are; `nil` where it is the only one.
    func links(under path: String) -> PostsView.Pagination? {
        guard count > 1 else { return nil }
        return PostsView.Pagination(
            number: number,
            total: count,
            newer: number > 1 ? "\(path)?page=\(number - 1)" : nil,
            older: number < count ? "\(path)?page=\(number + 1)" : nil
        )
    }
}
