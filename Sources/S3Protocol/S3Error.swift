/// An error that a client of the S3 API can see.
///
/// `code` decides the status and the default message; an error says more than its code only where
/// it passes a `message` of its own. Anything else that is thrown reaches the client as
/// ``Code/internalError`` and the log in full.
public struct S3Error: Error, Hashable, Sendable {
    /// What went wrong, in AWS's words.
    public let code: Code
    /// What went wrong this time, for a person to read.
    public let message: String
    /// Further elements of the error document, in order, such as `StringToSign`.
    public var details: [Detail]
    /// Further header fields of the response, such as `x-amz-delete-marker`.
    public var headers: [Detail]
    /// What only the log may say: never sent to the client.
    public var logged: String?
    /// More of that, line by line, for whoever asks for this one error: too much for a log.
    public var explanation: [String] = []

    /// Creates an error, with its code's own message unless another is given.
    public init(
        _ code: Code,
        _ message: String? = nil,
        details: [Detail] = [],
        headers: [Detail] = [],
        logged: String? = nil
    ) {
        self.code = code
        self.message = message ?? code.message
        self.details = details
        self.headers = headers
        self.logged = logged
    }

    /// An element of the error document beyond `Code` and `Message`, or a header field.
    public struct Detail: Hashable, Sendable {
        /// The element's name.
        public let name: String
        /// Its text.
        public let value: String

        /// Names an element and its text.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A row of AWS's table of error responses.
    public struct Code: Hashable, Sendable {
        /// The name on the wire, such as `NoSuchKey`.
        public let name: String
        /// The HTTP status it travels with.
        public let status: Int
        /// The sentence AWS says for it.
        public let message: String

        /// Names a code: one of AWS's table for S3, or of a service beside it.
        public init(_ status: Int, _ name: String, _ message: String) {
            self.name = name
            self.status = status
            self.message = message
        }

        /// Codes are equal when their names are.
        public static func == (left: Code, right: Code) -> Bool { left.name == right.name }
        /// Hashes the name alone.
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }
}
