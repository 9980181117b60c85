/// Why an image is not used.
public enum ImageError: Error, Sendable, Hashable {
    /// It is no image of the formats that are taken.
    case notAnImage
    /// It begins like an image, and is not a whole one.
    case damaged
    /// It has more pixels than ``ImageLimits/pixels``, which is the associated value.
    case tooManyPixels(Int)
    /// It has more bytes than ``ImageLimits/bytes``, which is the associated value.
    case tooManyBytes(Int)
    /// The file cannot be read.
    case unreadable
    /// The library for images failed.
    case failed
}

extension ImageError: CustomStringConvertible {
    /// What is wrong, for the person who sent the image.
    public var description: String {
        switch self {
        case .notAnImage: "This is not a JPEG, PNG, WebP, GIF, AVIF or HEIC image."
        case .damaged: "This image is damaged or incomplete."
        case .tooManyPixels(let limit): "This image has more than \(limit / 1_000_000) megapixels."
        case .tooManyBytes(let limit): "This image has more than \(limit / 1_000_000) MB."
        case .unreadable: "The image cannot be read."
        case .failed: "The image cannot be made smaller."
        }
    }
}

/// How large an image may be that is decoded.
///
/// A few hundred bytes can claim to be an image that fills a memory: the claim is read, and refused, before anything
/// is decoded.
public struct ImageLimits: Sendable, Hashable {
    /// 100 megapixels: twice what good cameras make; decoded whole, they take 400 MB.
    public static let defaultPixels = 100_000_000
    /// 64 MB: what such an image needs at most in a format that is made for photographs.
    public static let defaultBytes = 64_000_000

    /// How many pixels an image may have.
    public var pixels: Int
    /// How many bytes its file may have.
    public var bytes: Int

    /// Chooses.
    public init(pixels: Int = defaultPixels, bytes: Int = defaultBytes) {
        self.pixels = pixels
        self.bytes = bytes
    }
}
