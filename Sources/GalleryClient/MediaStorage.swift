/// Where an application's media files are kept: a bucket, or a folder.
///
/// The methods are those that an application asks of Django's storages, so that a gallery is written
/// once and configured into local files, Pail, or real AWS: ``GalleryStorage`` is a bucket,
/// ``FolderStorage`` a folder. Names are relative, with `/` between folders, and never begin with one;
/// a name that leaves its place (`../x`) is refused.
///
/// [Django's storage API](https://docs.djangoproject.com/en/stable/ref/files/storage/)
public protocol MediaStorage: Sendable {
    /// Stores a file.
    ///
    /// - Returns: What was stored, under the name that was free where ``SaveOptions/policy`` lets it choose.
    /// - Throws: ``StorageError``.
    func save(
        _ content: MediaSource,
        named name: String,
        options: SaveOptions
    ) async throws -> SavedFile

    /// Opens a file for reading, from start to end or a range of its bytes.
    ///
    /// - Throws: ``StorageError``, with the kind ``StorageError/Kind/notFound`` where there is no such file.
    func open(_ name: String, range: Range<Int64>?) async throws -> MediaReader

    /// What is known of a file, or `nil` where there is none.
    ///
    /// - Throws: ``StorageError``.
    func stat(_ name: String) async throws -> MediaFile?

    /// Removes a file; one that is not there is no error.
    ///
    /// - Throws: ``StorageError``.
    func delete(_ name: String) async throws

    /// Copies a file within the storage, over whatever has the other name.
    ///
    /// - Throws: ``StorageError``.
    func copy(_ name: String, to other: String) async throws

    /// One page of what is directly in a folder; the empty name is the top.
    ///
    /// - Parameters:
    ///   - folder: The folder, with or without a slash at its end.
    ///   - cursor: ``MediaListing/next`` of the page before.
    /// - Returns: The page.
    /// - Throws: ``StorageError``.
    func list(_ folder: String, after cursor: String?) async throws -> MediaListing

    /// A URL under which a browser opens the file, signed where the storage signs its URLs.
    ///
    /// Nothing is sent: the file need not be there.
    ///
    /// - Throws: ``StorageError`` for a name that is none, or options that this storage cannot keep.
    func url(for name: String, options: URLOptions) throws -> String

    /// What a browser needs to upload a file by itself, past the application.
    ///
    /// - Throws: ``StorageError`` with the kind ``StorageError/Kind/unsupported`` where there is no such way.
    func directUpload(
        named name: String,
        options: DirectUploadOptions
    ) async throws -> DirectUpload
}

extension MediaStorage {
    /// Stores a file under a name of its own.
    public func save(_ content: MediaSource, named name: String) async throws -> SavedFile {
        try await save(content, named: name, options: SaveOptions())
    }

    /// Opens a whole file.
    public func open(_ name: String) async throws -> MediaReader {
        try await open(name, range: nil)
    }

    /// Whether there is a file of this name.
    public func exists(_ name: String) async throws -> Bool { try await stat(name) != nil }

    /// A URL as the storage is configured to make them.
    public func url(for name: String) throws -> String { try url(for: name, options: URLOptions()) }
}
