public import S3Protocol

/// One request and what came of it, without its secrets.
public struct RecordedCall: Sendable, Hashable {
    /// A header field or a parameter.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value; a secret one is ``Redaction/mark``.
        public let value: String

        /// Names a value.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Its number: the first is 1, and none is given twice.
    public var number = 0
    /// When it came, by the ``TestClock``.
    public var time = Timestamp(milliseconds: 0)
    /// `x-amz-request-id`.
    public var requestID = ""
    /// The operation's name, or the method where there is none.
    public var operation = ""
    /// The bucket, or "".
    public var bucket = ""
    /// The key, or "".
    public var key = ""
    /// The method.
    public var method = ""
    /// The request target.
    public var target = ""
    /// Whether it came through TLS.
    public var isSecure = false
    /// The other end's IP address.
    public var peer = ""
    /// The access key that it was signed with, or `nil`.
    public var accessKey: String?
    /// How it is signed.
    public var signature = SignatureKind.none
    /// The request's header fields.
    public var requestHeaders: [Field] = []
    /// Bytes that were read of the request's body, with its framing.
    public var requestBytes: Int64 = 0
    /// The checksums that the request and the reply named.
    public var checksums: [Field] = []
    /// The HTTP status.
    public var status = 0
    /// The S3 error code, where it is an error.
    public var errorCode: String?
    /// The reply's header fields.
    public var responseHeaders: [Field] = []
    /// Bytes of the reply's body that were sent.
    public var responseBytes: Int64 = 0
    /// Whether the reply was sent to its end.
    public var isComplete = false
    /// What went wrong on purpose: the names of the effects.
    public var faults: [String] = []
    /// From the request's head to the reply's last byte, in microseconds.
    public var microseconds: Int64 = 0

    /// A call of which nothing is known.
    public init() {}
}
