public import S3Protocol

/// Why a request did not do what it was meant to.
public struct S3ClientError: Error, Sendable, Hashable {
    /// Where the failure is.
    public enum Kind: Sendable, Hashable {
        /// The service answered with an error, which ``S3ClientError/code`` names.
        case service
        /// No answer came: no name, no connection, a connection that was cut.
        case connection
        /// There are no credentials, or they could not be read.
        case credentials
        /// The settings or the arguments cannot work.
        case configuration
        /// What arrived is not what was stored.
        case corrupted
        /// A file on this machine could not be read.
        case file
        /// The answer is none that S3 gives.
        case unexpectedResponse
    }

    /// Where the failure is.
    public var kind: Kind
    /// The operation, in S3's words: `PutObject`; empty where none was begun.
    public var operation: String
    /// S3's code, such as `NoSuchBucket`; empty where no answer came.
    ///
    /// A HEAD has no body to say it in: there it is told from the status, as AWS's own SDKs do (`NotFound`).
    public var code: String
    /// What happened, for a person.
    public var message: String
    /// The HTTP status; 0 where no answer came.
    public var status: Int
    /// The request's id, for the log of the other side; empty where no answer came.
    public var requestID: String
    /// The second id, which AWS's support asks for; empty where no answer came.
    public var hostID: String
    /// What to do about it, for a person; empty where there is nothing to say.
    public var advice: String
    /// Whether an attempt went before this one that may have been carried out: its reply was lost, or told of a failure
    /// that passes.
    public var followsUnknownOutcome = false
    /// What else the service said: `StringToSign` and `CanonicalRequest` of a refused signature, `Region`, ...
    public var details: [S3Error.Detail]

    /// Describes a failure.
    public init(
        _ kind: Kind,
        operation: String = "",
        code: String = "",
        message: String,
        status: Int = 0,
        requestID: String = "",
        hostID: String = "",
        advice: String = "",
        details: [S3Error.Detail] = []
    ) {
        self.kind = kind
        self.operation = operation
        self.code = code
        self.message = message
        self.status = status
        self.requestID = requestID
        self.hostID = hostID
        self.advice = advice
        self.details = details
    }

    /// A further word of the service by its element's name.
    public func detail(_ name: String) -> String? { details.first { $0.name == name }?.value }

    /// Whether there is no such object, bucket or upload.
    public var isNotFound: Bool { kind == .service && status == 404 }

    /// Whether a condition (`If-Match`, `If-None-Match`) did not hold, or was raced by another writer.
    public var isConditionFailed: Bool {
        kind == .service && (status == 412 || code == "ConditionalRequestConflict")
    }
}

extension S3ClientError: CustomStringConvertible {
    /// All that a person needs, in one line.
    public var description: String {
        let subject = [operation, code].filter { !$0.isEmpty }.joined(separator: ": ")
        let words = [subject.isEmpty ? "" : "\(subject):", message, advice]
        let ids = requestID.isEmpty ? "" : "[request \(requestID)]"
        return (words + [ids]).filter { !$0.isEmpty }.joined(separator: " ")
    }
}
