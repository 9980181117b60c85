public import HTTPMessage
import NIOHTTP1
public import S3Protocol

/// What somebody who stands before the service wants of one request, beside its answer.
public struct Intervention: Sendable {
    /// The error to answer with, in place of what the operation answers.
    public var failure: S3Error?
    /// Whether the operation is carried out before that error is told.
    public var isCarriedOut: Bool
    /// Is told what the log is told, when the response is sent.
    public var logging: (@Sendable (AccessLogEntry) -> Void)?

    /// Wants something.
    public init(
        failure: S3Error? = nil,
        isCarriedOut: Bool = false,
        logging: (@Sendable (AccessLogEntry) -> Void)? = nil
    ) {
        self.failure = failure
        self.isCarriedOut = isCarriedOut
        self.logging = logging
    }
}

/// What a request asks for, as far as its head tells: nothing of it is believed yet.
public struct RequestSubject: Sendable, Hashable {
    /// The operation's name, or the method where no operation is found.
    public var operation: String
    /// The bucket, or "".
    public var bucket: String
    /// The key, or ""; a form tells it later.
    public var key: String
}

extension S3Service {
    /// Whether a request is for one of Pail's own paths, which are not S3's.
    public func isOwn(_ http: HTTPRequest) -> Bool { ownPaths.isOwn(http) }

    /// What a request asks for.
    public func subject(of http: HTTPRequest) -> RequestSubject {
        guard let request = try? S3Request(http, addressing: addressing) else {
            return RequestSubject(operation: http.method.rawValue, bucket: "", key: "")
        }
        return subject(of: request)
    }

    func subject(of request: S3Request) -> RequestSubject {
        let operation: String =
            if request.address.isWebsite {
                "Website"
            } else if request.method == .OPTIONS {
                "Preflight"
            } else {
                (try? router.operation(for: request))?.name ?? request.method.rawValue
            }
        return RequestSubject(operation: operation, bucket: request.bucket, key: request.key)
    }
}
