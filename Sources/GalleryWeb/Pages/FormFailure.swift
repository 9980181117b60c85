import GalleryClient
import HTTPTypes
import Hummingbird
import Logging

/// Why a post was not saved, for the form that is shown again.
struct FormFailure {
    let status: HTTPResponse.Status
    private var errors = PostErrors()
    private var storage: String?

    /// Takes what the person who saves can mend or should know; everything else is thrown on.
    init(_ error: any Error, _ context: SiteContext) throws {
        switch error {
        case let errors as PostErrors:
            self.errors = errors
            status = errors.isTooLarge ? .contentTooLarge : .unprocessableContent
        case let error as StorageError:
            context.logger.error("The storage refused an image: \(error)")
            storage = "The image could not be stored: \(error)"
            status = error.kind == .unavailable ? .serviceUnavailable : .badGateway
        default: throw error
        }
    }

    /// The form again, with what is wrong.
    func view(_ frame: PageFrame, title: String, post: PostView?) -> PostFormView {
        PostFormView(
            page: frame,
            post: post,
            title: title,
            error: storage,
            titleError: errors.title,
            imageError: errors.image
        )
    }

    /// The same for the script that uploads.
    func response(_ request: Request, _ context: SiteContext) throws -> Response {
        let messages = ["title": errors.title, "image": errors.image, "storage": storage]
        return try JSONReply(["errors": messages.compactMapValues(\.self)], status: status)
            .response(request, context)
    }
}

/// A post that was saved, for the script that uploads.
struct PostReply: Encodable {
    let id: Int64
    let title: String
    let image: String

    init(_ post: Post) {
        id = post.id
        title = post.title
        image = post.image.name
    }

    func response(_ request: Request, _ context: SiteContext) throws -> Response {
        try JSONReply(self, status: .created).response(request, context)
    }
}

/// JSON for a script of the site.
struct JSONReply<Content: Encodable> {
    let content: Content
    let status: HTTPResponse.Status

    init(_ content: Content, status: HTTPResponse.Status) {
        self.content = content
        self.status = status
    }

    func response(_ request: Request, _ context: SiteContext) throws -> Response {
        var response = try context.responseEncoder.encode(content, from: request, context: context)
        response.status = status
        return response
    }
}
