public import S3Protocol

/// What the access log says about one request: never a secret, never a signature.
public struct AccessLogEntry: Sendable {
    /// When the request came.
    public var time: Timestamp
    /// `x-amz-request-id`.
    public var requestID: String
    /// The other end's IP address.
    public var peer: String
    /// The access key that signed it, or `nil`.
    public var accessKey: String?
    /// The operation's name, or the method where no operation was found.
    public var operation: String
    /// The bucket, or "".
    public var bucket: String
    /// The key, or "".
    public var key: String
    /// The HTTP status.
    public var status: Int
    /// What was refused and why, where the answer is an error.
    public var error: S3Error?
    /// What the log knows of an answer beyond what its reader was told.
    public var reason: String?
    /// The host that was signed, where that is an alias of the one that was asked.
    public var signedHost: String?
    /// Bytes of the response's body that were sent.
    public var bytesSent: Int
    /// Whether the response was sent to its end.
    public var isComplete: Bool
    /// From the request's head to the last byte of the response, in microseconds.
    public var microseconds: Int64

    /// The error code, where the answer is an error.
    public var errorCode: String? { error?.code.name }
}
