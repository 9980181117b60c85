import CThumbnails
import GalleryClient
public import NIOCore

/// Looks at images and makes smaller ones, by libvips, on a few threads of its own.
///
/// Images come from strangers: only loaders for the formats of ``ImageFormat`` are let near them, sizes are checked
/// before anything is decoded, and what is damaged is refused rather than shown in part.
///
/// [libvips](https://www.libvips.org)
public struct ImageWorker: Sendable {
    /// How many images are decoded at once where nobody chooses: each takes a core and, at worst, 400 MB.
    public static let defaultThreads = 2

    /// How large images may be.
    public let limits: ImageLimits
    private let threads: BlockingThreads

    /// Makes a worker; a process needs one.
    public init(limits: ImageLimits = ImageLimits(), threads: Int = defaultThreads) {
        self.limits = limits
        self.threads = BlockingThreads("images", count: threads)
    }

    /// Whether this is a real image, decoding all of it; and what it is.
    ///
    /// - Throws: ``ImageError``, whose description is meant for whoever sent the image.
    public func inspect(_ source: ImageSource) async throws -> ImageFacts {
        let limits = limits
        return try await threads.run {
            try unsafe source.withOpen(upTo: limits.bytes) { source in
                var facts = thumbnails_facts()
                let result = unsafe thumbnails_verify(source, Int64(limits.pixels), &facts)
                if let error = ImageError(result, limits) { throw error }
                guard let format = ImageFormat(facts.format) else { throw ImageError.notAnImage }
                return ImageFacts(
                    width: Int(facts.width),
                    height: Int(facts.height),
                    format: format,
                    hasAlpha: facts.has_alpha != 0
                )
            }
        }
    }

    /// Makes an image that fits into a square, smaller than the original or as large, never larger.
    ///
    /// It stands upright, its colours are sRGB, and it has no metadata: no place, no camera, no name.
    ///
    /// - Parameters:
    ///   - source: The original.
    ///   - box: The side of the square, in pixels.
    ///   - format: How it is encoded.
    /// - Returns: The image.
    /// - Throws: ``ImageError``.
    public func resize(
        _ source: ImageSource,
        into box: Int,
        as format: VariantFormat
    ) async throws -> SmallImage {
        let limits = limits
        return try await threads.run {
            try unsafe source.withOpen(upTo: limits.bytes) { source in
                try unsafe Self.make(source, limits, box, format)
            }
        }
    }

    @unsafe private static func make(
        _ source: OpaquePointer,
        _ limits: ImageLimits,
        _ box: Int,
        _ format: VariantFormat
    ) throws(ImageError) -> SmallImage {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        var (width, height): (Int64, Int64) = (0, 0)
        let result = unsafe thumbnails_make(
            source,
            Int64(limits.pixels),
            CInt(clamping: box),
            format.code,
            format.quality,
            &bytes,
            &count,
            &width,
            &height
        )
        if let error = ImageError(result, limits) { throw error }
        defer { unsafe thumbnails_free(bytes) }
        let buffer = unsafe ByteBuffer(bytes: UnsafeRawBufferPointer(start: bytes, count: count))
        return SmallImage(
            bytes: buffer,
            width: Int(width),
            height: Int(height),
            mediaType: format.format.mediaType
        )
    }
}

/// An image that was made smaller.
public struct SmallImage: Sendable, Hashable {
    /// The encoded image.
    public let bytes: ByteBuffer
    /// Pixels from left to right.
    public let width: Int
    /// Pixels from top to bottom.
    public let height: Int
    /// The media type.
    public let mediaType: String
}

/// How a smaller image is encoded.
public enum VariantFormat: Sendable, Hashable, CaseIterable {
    /// Progressive, on white where the original can be seen through.
    case jpeg
    /// Keeps what can be seen through.
    case webp

    /// The format.
    public var format: ImageFormat {
        switch self {
        case .jpeg: .jpeg
        case .webp: .webp
        }
    }

    var code: thumbnails_format {
        switch self {
        case .jpeg: thumbnails_jpeg
        case .webp: thumbnails_webp
        }
    }

    /// Of 100: where photographs at screen size show no loss that a person sees.
    var quality: CInt { 82 }
}
