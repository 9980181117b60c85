import HTTPTypes
import Hummingbird

/// Changing a post: its title, and its image where another one is given.
struct ChangePages: Sendable {
    let site: Site

    /// `GET .../ID/change/`: the form.
    func form(_ request: Request, _ context: SiteContext) async throws -> Response {
        let post = try await site.post(of: context)
        let view = PostFormView(
            page: try await site.frame("Change – Gallery", context),
            post: PostView(post, try site.pictures.links(to: post.image)),
            title: post.title
        )
        return site.renderer.response(.changePost, view)
    }

    /// `POST .../ID/change/`: saves it.
    func change(_ request: Request, _ context: SiteContext) async throws -> Response {
        let session = try context.requireSession()
        let form = try await UploadForm(
            request,
            from: session,
            temporaryFolder: site.settings.temporaryFolder
        )
        let post = try await site.post(of: context)
        do {
            let (title, left) = try await site.saving.change(
                post.id,
                form,
                logger: context.logger
            )
            try await site.sessions.leave(
                "The post “\(title)” was changed successfully." + (left.map { " \($0)" } ?? ""),
                for: session
            )
            return .seeOther(AdminPages.list)
        } catch {
            let failure = try FormFailure(error, context)
            let frame = try await site.frame("Change – Gallery", context)
            let shown = PostView(post, try site.pictures.links(to: post.image))
            let view = failure.view(frame, title: form.title, post: shown)
            return site.renderer.response(.changePost, view, status: failure.status)
        }
    }
}
