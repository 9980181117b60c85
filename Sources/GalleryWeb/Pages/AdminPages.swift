import HTTPTypes
import Hummingbird

/// The list of posts, adding to it and taking from it.
struct AdminPages: Sendable {
    let site: Site

    static let list = "/admin/gallery/post/"

    /// `GET /admin/`: there is one thing to administer, so it leads there.
    func home(_ request: Request, _ context: SiteContext) -> Response { .seeOther(Self.list) }

    /// `GET /admin/gallery/post/`: the posts, the newest first.
    func posts(_ request: Request, _ context: SiteContext) async throws -> Response {
        let page = try await site.page(of: request, size: SiteSettings.rowsPerPage)
        let posts = try page.posts.map { PostView($0, try site.pictures.links(to: $0.image)) }
        let view = PostsView(
            page: try await site.frame("Posts – Gallery", context),
            posts: posts,
            hasPosts: !posts.isEmpty,
            count: "\(page.total)",
            pagination: page.links(under: Self.list)
        )
        return site.renderer.response(.posts, view)
    }

    /// `GET /admin/gallery/post/add/`: the form.
    func addForm(_ request: Request, _ context: SiteContext) async throws -> Response {
        let frame = try await site.frame("Add posts – Gallery", context)
        return site.renderer.response(.addPost, PostFormView(page: frame, title: ""))
    }

    /// `POST /admin/gallery/post/add/`: saves a post with its image.
    func add(_ request: Request, _ context: SiteContext) async throws -> Response {
        let session = try context.requireSession()
        let form = try await UploadForm(
            request,
            from: session,
            temporaryFolder: site.settings.temporaryFolder
        )
        do {
            let post = try await site.saving.add(form)
            if request.wantsJSON { return try PostReply(post).response(request, context) }
            try await site.sessions.leave(
                "The post “\(post.title)” was added successfully.",
                for: session
            )
            return .seeOther(Self.list)
        } catch {
            let failure = try FormFailure(error, context)
            if request.wantsJSON { return try failure.response(request, context) }
            let frame = try await site.frame("Add posts – Gallery", context)
            let view = failure.view(frame, title: form.title, post: nil)
            return site.renderer.response(.addPost, view, status: failure.status)
        }
    }

    /// `GET .../ID/delete/`: asks whether it is meant.
    func deleteForm(_ request: Request, _ context: SiteContext) async throws -> Response {
        let post = try await site.post(of: context)
        let view = OnePostView(
            page: try await site.frame("Delete – Gallery", context),
            post: PostView(post, try site.pictures.links(to: post.image))
        )
        return site.renderer.response(.deletePost, view)
    }

    /// `POST .../ID/delete/`: removes the post and its files.
    func delete(_ request: Request, _ context: SiteContext) async throws -> Response {
        let session = try context.requireSession()
        try await session.token.require(
            formToken: FormFields(request, context: context)["csrf"]
        )
        let post = try await site.post(of: context)
        let left = try await site.saving.delete(post.id, logger: context.logger)
        try await site.sessions.leave(
            "The post “\(post.title)” was deleted." + (left.map { " \($0)" } ?? ""),
            for: session
        )
        return .seeOther(Self.list)
    }
}

extension SiteContext {
    /// The session that every page behind ``LogInRequired`` has.
    func requireSession() throws -> Session {
        guard let session else { throw HTTPError(.forbidden) }
        return session
    }
}
