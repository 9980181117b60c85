import GalleryClient

/// What looks at images and makes smaller ones of them.
protocol PictureWorkshop: Sendable {
    /// What a file's image is like.
    ///
    /// - Throws: ``PostErrors`` where it is no image that a post may have.
    func inspect(_ path: String) async throws -> PictureFacts

    /// Stores the smaller images of a file beside the original, which has the name `name`.
    func saveVariants(
        of path: String,
        named name: String,
        in storage: any MediaStorage
    )
        async throws

    /// Makes and stores the smaller images of a stored one that are missing.
    ///
    /// - Returns: Whether any was missing.
    func remakeVariants(of name: String, in storage: any MediaStorage) async throws -> Bool

    /// The name of a smaller image of the original `name`.
    func name(of variant: PictureVariant, for name: String) -> String
}

/// What an image is like.
struct PictureFacts: Hashable, Sendable {
    /// How many pixels it is wide, as it is shown.
    let width: Int
    /// How many pixels it is high, as it is shown.
    let height: Int
    /// Its media type.
    let contentType: String
    /// The extensions that its files have, without the dot; the usual one first.
    let extensions: [String]
}

/// A smaller image that is stored beside an original.
enum PictureVariant: CaseIterable, Sendable {
    case small, large

    /// How many pixels its longer side has at most.
    var box: Int {
        switch self {
        case .small: 400
        case .large: 1600
        }
    }

    /// How wide it is, of an image of this size; small images stay as they are.
    func width(of image: StoredImage) -> Int {
        let longer = max(image.width, image.height)
        guard longer > box, longer > 0 else { return image.width }
        return max(1, Int((Double(image.width) * Double(box) / Double(longer)).rounded()))
    }
}
