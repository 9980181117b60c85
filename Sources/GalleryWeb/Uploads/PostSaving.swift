import GalleryClient
import Logging
import S3Protocol

/// Saves posts with their images, so that neither is ever there without the other.
///
/// Files are stored before the row that names them, and removed after it: what fails in between leaves files that
/// nobody sees, and those are removed at once where the storage still answers.
struct PostSaving: Sendable {
    let posts: Posts
    let storage: any MediaStorage
    let workshop: any PictureWorkshop
    let time: any TimeSource

    /// Where images are stored: the seed's `upload_to`.
    static let folder = "images/"

    /// Adds a post.
    ///
    /// - Throws: ``PostErrors`` for what the form got wrong, `StorageError`, the database's error.
    func add(_ form: UploadForm) async throws -> Post {
        let title = Result { try PostErrors.check(title: form.title).get() }
        let facts = await Self.result { try await inspect(form.image) }
        try PostErrors.throwAll(title, facts)
        guard let upload = form.image else { throw PostErrors.missingImage }
        let image = try await store(upload, facts.get())
        return try await orElseRemove(image) {
            try await posts.add(title: title.get(), image: image, at: time.now())
        }
    }

    /// Changes a post's title, and its image where the form brings one.
    ///
    /// - Returns: The title as it is kept, and what is left to say.
    func change(
        _ id: Int64,
        _ form: UploadForm,
        logger: Logger
    ) async throws -> (title: String, left: String?) {
        let title = Result { try PostErrors.check(title: form.title).get() }
        guard let upload = form.image else {
            _ = try await posts.change(id, title: title.get(), image: nil)
            return (try title.get(), nil)
        }
        let facts = await Self.result { try await inspect(upload) }
        try PostErrors.throwAll(title, facts)
        let image = try await store(upload, facts.get())
        let before = try await orElseRemove(image) {
            try await posts.change(id, title: title.get(), image: image)
        }
        // Where the post is gone meanwhile, it is the new image that nobody needs.
        let left = await clear(before?.image ?? image, logger: logger)
        return (try title.get(), left)
    }

    /// Removes a post, then its files.
    ///
    /// - Returns: What is left to say, where the files could not be removed.
    func delete(_ id: Int64, logger: Logger) async throws -> String? {
        guard let post = try await posts.delete(id) else { return nil }
        return await clear(post.image, logger: logger)
    }

    private func inspect(_ image: UploadForm.ReceivedImage?) async throws -> PictureFacts {
        guard let image else { throw PostErrors.missingImage }
        guard !image.isTooLarge else { throw PostErrors.largeImage }
        guard image.file.size > 0 else { throw PostErrors.emptyImage }
        return try await workshop.inspect(image.file.path)
    }

    private func store(
        _ upload: UploadForm.ReceivedImage,
        _ facts: PictureFacts
    ) async throws -> StoredImage {
        let name = Self.folder + UploadName.make(upload.fileName, extensions: facts.extensions)
        let options = SaveOptions(policy: .unique, contentType: facts.contentType)
        let saved = try await storage.save(
            .file(path: upload.file.path),
            named: name,
            options: options
        )
        let image = StoredImage(name: saved.name, width: facts.width, height: facts.height)
        return try await orElseRemove(image) {
            try await workshop.saveVariants(of: upload.file.path, named: saved.name, in: storage)
            return image
        }
    }

    private func orElseRemove<Value>(
        _ image: StoredImage,
        _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch {
            // What went wrong first is what is told.
            try? await remove(image)
            throw error
        }
    }

    private func remove(_ image: StoredImage) async throws {
        for variant in PictureVariant.allCases {
            try await storage.delete(workshop.name(of: variant, for: image.name))
        }
        try await storage.delete(image.name)
    }

    private func clear(_ image: StoredImage, logger: Logger) async -> String? {
        do {
            try await remove(image)
            return nil
        } catch {
            logger.error("The files of \(image.name) could not be removed: \(error)")
            return "Its file \(image.name) could not be removed from the storage: \(error)"
        }
    }

    private static func result<Value>(
        _ work: () async throws -> Value
    ) async -> Result<Value, any Error> {
        do {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}

extension PostErrors {
    /// Throws what is wrong with both fields at once, so that a person mends them at once.
    fileprivate static func throwAll<First, Second>(
        _ title: Result<First, any Error>,
        _ image: Result<Second, any Error>
    ) throws {
        var all = PostErrors()
        for failure in [title.failure, image.failure].compactMap(\.self) {
            guard let errors = failure as? PostErrors else { throw failure }
            all.title = errors.title ?? all.title
            all.image = errors.image ?? all.image
            all.isTooLarge = all.isTooLarge || errors.isTooLarge
        }
        if all != PostErrors() { throw all }
    }
}

extension Result {
    fileprivate var failure: Failure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
