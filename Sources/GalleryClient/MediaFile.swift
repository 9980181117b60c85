public import FoundationEssentials
public import NIOCore

/// What is known of a stored file.
public struct MediaFile: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its length in bytes.
    public var size: Int64
    /// When it was last written.
    public var modified: Date
    /// Its media type, such as `image/jpeg`; empty where a listing did not tell.
    public var contentType: String
    /// Its entity tag without quotes; changes with the content.
    public var etag: String
    /// The application's own words about it, by lower-case names.
    public var metadata: [String: String]

    /// Describes a file.
    public init(
        name: String,
        size: Int64,
        modified: Date,
        contentType: String = "",
        etag: String = "",
        metadata: [String: String] = [:]
    ) {
        self.name = name
        self.size = size
        self.modified = modified
        self.contentType = contentType
        self.etag = etag
        self.metadata = metadata
    }
}

/// What a save stored.
public struct SavedFile: Sendable, Hashable {
    /// The name that it has now; another than was asked for where that was taken.
    public var name: String
    /// Its entity tag without quotes.
    public var etag: String
    /// Its length in bytes.
    public var size: Int64
    /// Its checksum in base64 with the algorithm's name before it (`CRC64NVME:...`), where one was sent.
    public var checksum: String?

    /// Describes what was stored.
    public init(name: String, etag: String, size: Int64, checksum: String? = nil) {
        self.name = name
        self.etag = etag
        self.size = size
        self.checksum = checksum
    }
}

/// A file that is being read.
public struct MediaReader: Sendable {
    /// What is known of the file; ``MediaFile/size`` is the whole file's, also where a range is read.
    public let file: MediaFile
    /// Which bytes are read.
    public let range: Range<Int64>
    /// The bytes, once; ends with an error where they are not what was stored.
    public let body: MediaBody

    /// Puts the three together.
    public init(file: MediaFile, range: Range<Int64>, body: MediaBody) {
        self.file = file
        self.range = range
        self.body = body
    }
}

/// The bytes of a file, piece by piece.
public struct MediaBody: AsyncSequence, Sendable {
    /// Reads the pieces.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let read: @Sendable () async throws -> ByteBuffer?

        /// The next piece, or `nil` at the end.
        public func next() async throws -> ByteBuffer? { try await read() }
    }

    private let read: @Sendable () async throws -> ByteBuffer?

    /// A body whose pieces come from `read`; `nil` is its end.
    public init(read: @escaping @Sendable () async throws -> ByteBuffer?) { self.read = read }

    /// Begins to read; a body is read once.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: read) }
}

/// One page of a folder.
public struct MediaListing: Sendable, Hashable {
    /// The names of the folders in it, without a slash, relative to it.
    public var folders: [String]
    /// The files in it, by their whole names.
    public var files: [MediaFile]
    /// Where the next page begins; `nil` after the last.
    public var next: String?

    /// Puts a page together.
    public init(folders: [String], files: [MediaFile], next: String?) {
        self.folders = folders
        self.files = files
        self.next = next
    }
}
