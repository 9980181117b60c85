import S3Protocol

// What the templates show. A template finds these by their names.

/// What every page has.
struct PageFrame: Sendable {
    let title: String
    /// The version of the assets.
    let version: String
    /// Who has logged in.
    let user: String?
    /// What every form of this session carries.
    let formToken: String
    /// What is to be said about the request before this one.
    let message: String?
}

/// A post as pages show it.
struct PostView: Sendable {
    let id: Int64
    let title: String
    /// The name of the image's file in the storage.
    let name: String
    let width: Int
    let height: Int
    let date: String
    let small: String
    let large: String
    let srcset: String
    let original: String
    /// The browser's word for whether the image waits until it is near.
    var loading = "lazy"

    init(_ post: Post, _ links: PictureLinks) {
        id = post.id
        title = post.title
        name = post.image.name
        width = post.image.width
        height = post.image.height
        date = String(ISO8601.format(post.created).prefix(10))
        small = links.small
        large = links.large
        srcset = links.srcset
        original = links.original
    }
}

/// Some posts: a page of the gallery, or of the admin's list.
struct PostsView: Sendable {
    let page: PageFrame
    let posts: [PostView]
    let hasPosts: Bool
    let count: String
    let pagination: Pagination?

    /// Where the pages beside this one are.
    struct Pagination: Sendable {
        let number: Int
        let total: Int
        let newer: String?
        let older: String?
    }
}

/// One post.
struct OnePostView: Sendable {
    let page: PageFrame
    let post: PostView
    var newer: Int64?
    var older: Int64?
}

/// The form that adds or changes a post.
struct PostFormView: Sendable {
    let page: PageFrame
    var post: PostView?
    let title: String
    var error: String?
    var titleError: String?
    var imageError: String?
    let limit = UploadForm.maximumImageBytes
    let limitText = PictureFormats.limitText
    let titleLimit = Post.maximumTitleLength
    let accept = PictureFormats.accept
    let formats = PictureFormats.inWords
}

/// The log-in form.
struct LogInView: Sendable {
    let page: PageFrame
    let formToken: String
    let next: String
    var username = ""
    var error: String?
}

/// A request that failed.
struct ErrorView: Sendable {
    let page: PageFrame
    let code: Int
    let heading: String
    let text: String
    let advice: String?
}
