public import Digests
import NIOCore
import S3Protocol

/// Media in a folder on this machine, as in the first half of Django's tutorials.
///
/// What is saved is on the disk, whole, before it has its name: nobody sees half a file, and of two who save one name at
/// once each gets a name of its own. Symbolic links within the folder are not followed.
///
/// A folder keeps bytes and names alone. The media type goes by the extension; `Cache-Control`, `Content-Disposition`
/// and ACLs are matters of the web server that shows the folder, and are not kept; metadata, which would be lost, is
/// refused. URLs are ``FolderConfiguration/url`` and the name: not signed, for ever, and for reading only.
public struct FolderStorage: MediaStorage {
    /// How many threads wait for the disk at once, for all folders of the process.
    private static let threadCount = 4
    static let threads = BlockingThreads("media-folder", count: threadCount)

    /// The folder and its URL.
    public let configuration: FolderConfiguration
    let folder: MediaFolder
    let random: any RandomSource

    /// Uses a folder; it is made when the first file is saved.
    public init(_ configuration: FolderConfiguration, random: any RandomSource = SystemRandom()) {
        self.configuration = configuration
        self.random = random
        folder = MediaFolder(path: configuration.path)
    }

    /// Opens a file for reading, from start to end or a range of its bytes.
    ///
    /// - Throws: ``StorageError``; a range that begins behind the end is refused as `InvalidRange`, one that ends behind
    ///   it is cut.
    public func open(_ name: String, range: Range<Int64>?) async throws -> MediaReader {
        try Self.validate(name)
        return try await Self.threads.run { [folder] in
            guard let place = try folder.place(of: name, making: false),
                let (file, status) = try place.openFile()
            else { throw Self.notFound(name) }
            let range = try MediaRange.within(status.size, range)
            return MediaReader(
                file: Self.describe(name, status),
                range: range,
                body: Self.body(of: file, range)
            )
        }
    }

    /// What is known of a file, or `nil` where there is none.
    public func stat(_ name: String) async throws -> MediaFile? {
        try Self.validate(name)
        return try await Self.threads.run { [folder] in
            try folder.place(of: name, making: false)?.status().map { Self.describe(name, $0) }
        }
    }

    /// Removes a file; one that is not there is no error, and its folder stays.
    public func delete(_ name: String) async throws {
        try Self.validate(name)
        try await Self.threads.run { [folder] in
            try folder.place(of: name, making: false)?.remove()
        }
    }

    /// A path or URL that a browser opens, where a web server shows the folder.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/unsupported`` for what only a signed URL can do: to
    ///   write, to expire, to change the reply.
    public func url(for name: String, options: URLOptions) throws -> String {
        try Self.validate(name)
        guard options.method == .get || options.method == .head, options.expires == nil,
            options.download == nil, options.contentType == nil
        else {
            throw StorageError(
                .unsupported,
                message: "URLs of a media folder can only be read, as the files are, for ever.",
                advice: "Use a bucket where URLs must expire, write, or offer a download."
            )
        }
        return configuration.url + PercentCoding.encode(name, keeping: .slashes)
    }

    /// A folder has no such way.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/unsupported``.
    public func directUpload(
        named name: String,
        options: DirectUploadOptions
    ) async throws -> DirectUpload {
        throw StorageError(
            .unsupported,
            message: "Browsers cannot upload into a media folder by themselves.",
            advice: "Upload through the application, or use a bucket."
        )
    }
}

extension FolderStorage {
    /// Checks a name, also against those of files that are still being written.
    static func validate(_ name: String) throws(StorageError) {
        try MediaName.validate(name)
        guard !name.contains(MediaFolder.unfinishedPrefix) else {
            throw StorageError(
                .invalidName,
                message: "\(MediaName.quoted(name)) is kept for files that are being written."
            )
        }
    }

    static func notFound(_ name: String) -> StorageError {
        StorageError(.notFound, message: "There is no file \(MediaName.quoted(name)).")
    }

    static func describe(_ name: String, _ status: FileStatus) -> MediaFile {
        MediaFile(
            name: name,
            size: status.size,
            modified: status.modified,
            contentType: MediaType.of(name),
            etag: status.etag
        )
    }

    /// The bytes of an open file.
    private static func body(of file: Descriptor, _ range: Range<Int64>) -> MediaBody {
        let position = Position(range)
        return MediaBody {
            guard let (start, count) = position.next(Descriptor.pieceBytes) else { return nil }
            let piece = try await threads.run { try file.read(at: start, count: count) }
            guard piece.readableBytes == count else {
                throw StorageError(
                    .corrupted,
                    message: "A file became shorter while it was read."
                )
            }
            return piece
        }
    }
}
