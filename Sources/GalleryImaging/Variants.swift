public import GalleryClient
import NIOCore

/// Keeps the sizes of images beside their originals, in any storage.
///
/// Sizes can be made again at any time and are nobody's only copy: they are overwritten without asking.
public struct Variants: Sendable {
    /// Browsers may keep a size for a day.
    public static let cacheControl = "max-age=86400"

    private let storage: any MediaStorage
    private let worker: ImageWorker

    /// Keeps sizes in a storage.
    public init(in storage: any MediaStorage, worker: ImageWorker) {
        self.storage = storage
        self.worker = worker
    }

    /// Makes and stores all sizes of an image.
    ///
    /// - Parameters:
    ///   - name: The original's name, as it was saved.
    ///   - source: The original, where it is at hand; `nil` reads it from the storage.
    /// - Throws: ``ImageError``; `StorageError`. Sizes that were stored before stay.
    public func make(for name: String, from source: ImageSource? = nil) async throws {
        try await make(Variant.all, name, source)
    }

    /// Makes the sizes of an image that are missing, if any.
    ///
    /// - Returns: Whether any was missing.
    /// - Throws: ``ImageError``; `StorageError`, where the original is not there too.
    @discardableResult
    public func remake(for name: String) async throws -> Bool {
        var missing: [Variant] = []
        for variant in Variant.all where try await !storage.exists(variant.name(for: name)) {
            missing.append(variant)
        }
        if missing.isEmpty { return false }
        try await make(missing, name, nil)
        return true
    }

    /// Removes an image and its sizes; the original first, so that sizes without one are all that a failure leaves.
    ///
    /// - Throws: `StorageError`.
    public func delete(_ name: String) async throws {
        try await storage.delete(name)
        for variant in Variant.all { try await storage.delete(variant.name(for: name)) }
    }

    private func make(
        _ variants: [Variant],
        _ name: String,
        _ source: ImageSource?
    ) async throws {
        let source = if let source { source } else { try await read(name) }
        let format = Variant.format(for: name)
        for variant in variants {
            let image = try await worker.resize(source, into: variant.box, as: format)
            _ = try await storage.save(
                .bytes(image.bytes),
                named: variant.name(for: name),
                options: SaveOptions(
                    policy: .overwrite,
                    contentType: image.mediaType,
                    cacheControl: Self.cacheControl
                )
            )
        }
    }

    private func read(_ name: String) async throws -> ImageSource {
        let reader = try await storage.open(name)
        guard reader.file.size <= worker.limits.bytes else {
            throw ImageError.tooManyBytes(worker.limits.bytes)
        }
        return .bytes(try await reader.body.collect(upTo: worker.limits.bytes))
    }
}
