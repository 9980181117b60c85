/// How a file is saved.
public struct SaveOptions: Sendable {
    /// What happens to a name that is taken.
    public enum NamePolicy: Sendable, Hashable {
        /// Another name is made: `cat.jpg` becomes `cat_49vpCh7.jpg`, and nothing is ever overwritten.
        case unique
        /// What has the name is replaced.
        case overwrite
        /// The save fails with ``StorageError/Kind/alreadyExists``.
        case failIfExists
    }

    /// What happens to a name that is taken; `nil` leaves it to the storage's configuration.
    public var policy: NamePolicy?
    /// The media type; `nil` goes by the name's extension.
    public var contentType: String?
    /// How long browsers keep it, in the words of HTTP (`max-age=86400`).
    public var cacheControl: String?
    /// How browsers show it, in the words of HTTP (`attachment; filename="cat.jpg"`).
    public var contentDisposition: String?
    /// The application's own words about it.
    public var metadata: [String: String]
    /// A canned ACL such as `public-read`; `nil` leaves it to the storage's configuration.
    public var acl: String?
    /// Told how many bytes are stored so far; never fewer than before.
    public var progress: (@Sendable (Int64) -> Void)?

    /// Chooses.
    public init(
        policy: NamePolicy? = nil,
        contentType: String? = nil,
        cacheControl: String? = nil,
        contentDisposition: String? = nil,
        metadata: [String: String] = [:],
        acl: String? = nil,
        progress: (@Sendable (Int64) -> Void)? = nil
    ) {
        self.policy = policy
        self.contentType = contentType
        self.cacheControl = cacheControl
        self.contentDisposition = contentDisposition
        self.metadata = metadata
        self.acl = acl
        self.progress = progress
    }
}
