/// How a URL is made.
public struct URLOptions: Sendable, Hashable {
    /// What the URL lets its holder do.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Read the file.
        case get = "GET"
        /// Ask for its headers.
        case head = "HEAD"
        /// Write it.
        case put = "PUT"
        /// Remove it.
        case delete = "DELETE"
    }

    /// What the URL lets its holder do.
    public var method: Method
    /// How long it is good for, in seconds, up to a week; `nil` leaves it to the configuration.
    public var expires: Int?
    /// The name under which a browser saves the file instead of showing it.
    public var download: String?
    /// The media type of the reply, or, for a PUT, of what must be sent.
    public var contentType: String?

    /// Chooses.
    public init(
        method: Method = .get,
        expires: Int? = nil,
        download: String? = nil,
        contentType: String? = nil
    ) {
        self.method = method
        self.expires = expires
        self.download = download
        self.contentType = contentType
    }
}
