import GalleryClient
import GalleryImaging

/// Looks at images and makes smaller ones by libvips.
struct ImagingWorkshop: PictureWorkshop {
    private let worker = ImageWorker()

    func inspect(_ path: String) async throws -> PictureFacts {
        let facts = try await checked { try await worker.inspect(.file(path: path)) }
        return PictureFacts(
            width: facts.width,
            height: facts.height,
            contentType: facts.format.mediaType,
            extensions: Self.extensions(of: facts.format)
        )
    }

    func saveVariants(
        of path: String,
        named name: String,
        in storage: any MediaStorage
    ) async throws {
        let variants = Variants(in: storage, worker: worker)
        try await checked { try await variants.make(for: name, from: .file(path: path)) }
    }

    func remakeVariants(of name: String, in storage: any MediaStorage) async throws -> Bool {
        try await Variants(in: storage, worker: worker).remake(for: name)
    }

    func name(of variant: PictureVariant, for name: String) -> String {
        switch variant {
        case .small: Variant.thumb.name(for: name)
        case .large: Variant.web.name(for: name)
        }
    }

    /// What is wrong with an image is for whoever sent it.
    private func checked<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch ImageError.notAnImage, ImageError.damaged {
            throw PostErrors.noImage
        } catch let error as ImageError {
            throw PostErrors(image: error.description)
        }
    }

    private static func extensions(of format: ImageFormat) -> [String] {
        switch format {
        case .jpeg: ["jpg", "jpeg", "jpe"]
        case .heic: ["heic", "heif"]
        case .png, .webp, .gif, .avif: [format.fileExtension]
        }
    }
}
