import GalleryClient

/// A size in which every image is kept beside its original.
public struct Variant: Sendable, Hashable {
    /// The word for it in names.
    public let word: String
    /// The side of the square that it fits into, in pixels.
    public let box: Int

    /// For grids: 400 pixels.
    public static let thumb = Variant(word: "thumb", box: 400)
    /// For a screen: 1,600 pixels.
    public static let web = Variant(word: "web", box: 1600)
    /// Both.
    public static let all = [thumb, web]

    /// The name of this size of an image: `images/cat.jpg~thumb.jpg`.
    ///
    /// It follows from the original's name alone. JPEG stays JPEG; what may be seen through, by its extension, becomes
    /// WebP. A `~` cannot be in a name that ``MediaName/clean(upload:)`` made, so that no upload meets a variant.
    public func name(for original: String) -> String {
        "\(original)~\(word).\(Self.format(for: original).format.fileExtension)"
    }

    /// How the sizes of an image of this name are encoded.
    public static func format(for original: String) -> VariantFormat {
        switch MediaType.of(original) {
        case "image/jpeg", "image/heic", "image/heif": .jpeg
        default: .webp
        }
    }

    /// The original of which a name is a size, or `nil` where it is none.
    public static func original(of name: String) -> String? {
        guard let tilde = name.lastIndex(of: "~") else { return nil }
        let original = String(name[..<tilde])
        return all.contains { $0.name(for: original) == name } ? original : nil
    }
}
