import CThumbnails

/// How an image is encoded.
public enum ImageFormat: String, Sendable, Hashable, CaseIterable {
    /// Photographs.
    case jpeg
    /// Drawings and screenshots.
    case png
    /// Both, smaller.
    case webp
    /// Old drawings, also moving; the first picture counts.
    case gif
    /// Photographs, smaller still.
    case avif
    /// What iPhones take.
    case heic

    /// The media type.
    public var mediaType: String { "image/\(rawValue)" }

    /// What a name of such a file ends with, without a dot.
    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    init?(_ format: thumbnails_format) {
        switch format {
        case thumbnails_jpeg: self = .jpeg
        case thumbnails_png: self = .png
        case thumbnails_webp: self = .webp
        case thumbnails_gif: self = .gif
        case thumbnails_avif: self = .avif
        case thumbnails_heic: self = .heic
        default: return nil
        }
    }
}

/// What an image is.
public struct ImageFacts: Sendable, Hashable {
    /// Pixels from left to right, as it is shown: turned as its camera was.
    public let width: Int
    /// Pixels from top to bottom, as it is shown.
    public let height: Int
    /// How it is encoded, whatever its name says.
    public let format: ImageFormat
    /// Whether it can be seen through.
    public let hasAlpha: Bool
}
