/// What a browser is allowed to upload by itself.
public struct DirectUploadOptions: Sendable, Hashable {
    /// How the browser sends it.
    public enum Form: Sendable, Hashable {
        /// A form with the fields of a signed policy, which limits the size.
        case post
        /// A PUT of the bytes to a signed URL.
        case put
    }

    /// How the browser sends it.
    public var form: Form
    /// The media type that must be sent; `nil` goes by the name's extension.
    public var contentType: String?
    /// How many bytes are allowed; only a form can hold a browser to it.
    public var size: ClosedRange<Int64>
    /// How long the permission is good for, in seconds; `nil` leaves it to the configuration.
    public var expires: Int?

    /// Chooses.
    public init(
        form: Form = .post,
        contentType: String? = nil,
        size: ClosedRange<Int64> = 1...10_485_760,
        expires: Int? = nil
    ) {
        self.form = form
        self.contentType = contentType
        self.size = size
        self.expires = expires
    }
}

/// A request that a browser makes to upload a file past the application.
public struct DirectUpload: Sendable, Hashable {
    /// `POST` or `PUT`.
    public var method: String
    /// Where to.
    public var url: String
    /// The form's fields, in order; the file comes last, in a field named `file`.
    public var fields: [Field]
    /// The header fields to send.
    public var headers: [Field]
    /// The name that the file will have.
    public var name: String

    /// A name and a value.
    public struct Field: Sendable, Hashable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// Puts the two together.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Puts a request together.
    public init(method: String, url: String, fields: [Field], headers: [Field], name: String) {
        self.method = method
        self.url = url
        self.fields = fields
        self.headers = headers
        self.name = name
    }
}
