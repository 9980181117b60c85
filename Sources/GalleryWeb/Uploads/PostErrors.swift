/// What is wrong with a post that somebody wants to save, in Django's words where it has some.
struct PostErrors: Error, Hashable, Sendable {
    var title: String?
    var image: String?

    /// Whether it is the size alone that is wrong.
    var isTooLarge = false

    static let missingImage = PostErrors(image: "No file was submitted. Choose an image.")
    static let emptyImage = PostErrors(image: "The submitted file is empty.")
    static let largeImage = PostErrors(
        image: "The image is larger than \(PictureFormats.limitText).",
        isTooLarge: true
    )
    static let noImage = PostErrors(
        image:
            "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
    )

    /// The title as it is kept, or what is wrong with it.
    static func check(title: String) -> Result<String, PostErrors> {
        let title = title.trimmed
        let count = title.unicodeScalars.count
        if title.isEmpty { return .failure(PostErrors(title: "This field is required.")) }
        if count > Post.maximumTitleLength {
            return .failure(
                PostErrors(
                    title: "Ensure this value has at most \(Post.maximumTitleLength) characters "
                        + "(it has \(count))."
                )
            )
        }
        let hasControl = title.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return hasControl
            ? .failure(PostErrors(title: "Control characters are not allowed.")) : .success(title)
    }
}

extension String {
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }
}
