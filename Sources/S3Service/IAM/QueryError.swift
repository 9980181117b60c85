import HTTPMessage
import ObjectStore
import Policy
import S3Protocol

/// An error of IAM or STS, as its client sees it.
///
/// [Common errors](https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html)
struct QueryError: Error, Hashable {
    let code: Code
    let message: String
    /// What only the log may say.
    var logged: String?

    init(_ code: Code, _ message: String? = nil, logged: String? = nil) {
        self.code = code
        self.message = message ?? code.message
        self.logged = logged
    }

    /// A code, the status that it travels with, and its usual sentence.
    struct Code: Hashable, Sendable {
        let status: Int
        let name: String
        let message: String

        init(_ status: Int, _ name: String, _ message: String = "") {
            self.status = status
            self.name = name
            self.message = message
        }

        static let accessDenied = Code(403, "AccessDenied", "Access Denied")
        static let concurrentModification = Code(409, "ConcurrentModification")
        static let deleteConflict = Code(409, "DeleteConflict")
        static let entityExists = Code(409, "EntityAlreadyExists")
        static let expiredToken = Code(
            403,
            "ExpiredToken",
            "The security token included in the request is expired"
        )
        static let incompleteSignature = Code(400, "IncompleteSignature")
        static let internalFailure = Code(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure."
        )
        static let invalidAction = Code(400, "InvalidAction")
        static let invalidClientToken = Code(
            403,
            "InvalidClientTokenId",
            "The security token included in the request is invalid."
        )
        static let invalidInput = Code(400, "InvalidInput")
        static let limitExceeded = Code(409, "LimitExceeded")
        static let malformedHTTP = Code(
            400,
            "MalformedHttpRequestException",
            "The request's body cannot be read."
        )
        static let malformedPolicy = Code(400, "MalformedPolicyDocument")
        static let missingAuthenticationToken = Code(
            403,
            "MissingAuthenticationToken",
            "Request is missing Authentication Token"
        )
        static let noSuchEntity = Code(404, "NoSuchEntity")
        static let notImplemented = Code(501, "NotImplemented")
        static let packedPolicyTooLarge = Code(400, "PackedPolicyTooLarge")
        static let requestAborted = Code(
            400,
            "RequestAbortedException",
            "The request's body ended before its end."
        )
        static let requestTimeout = Code(
            408,
            "RequestTimeoutException",
            "Reading the request timed out."
        )
        static let requestTooLarge = Code(
            413,
            "RequestEntityTooLargeException",
            "The request's body is too large."
        )
        static let serviceUnavailable = Code(503, "ServiceUnavailable")
        static let signatureDoesNotMatch = Code(403, "SignatureDoesNotMatch")
        static let unmodifiable = Code(400, "UnmodifiableEntity")
        static let validation = Code(400, "ValidationError")
    }
}

extension QueryError {
    /// The answer to a form that nobody signed.
    static func unsigned(_ action: QueryAction) -> QueryError {
        action.isUnsigned
            ? QueryError(
                .notImplemented,
                "\(action.name) needs an identity provider, and this service has none."
            ) : QueryError(.missingAuthenticationToken)
    }

    /// What IAM says where the rest of the service speaks of S3, of the directory or of policies; anything
    /// else is the service's own failure.
    init(_ error: any Error) {
        switch error {
        case let error as QueryError: self = error
        case let error as S3Error: self.init(s3: error)
        case let error as DirectoryError: self.init(directory: error)
        case let error as HTTPBodyError:
            let code: Code =
                switch error {
                case .connectionClosed: .requestAborted
                case .stalled: .requestTimeout
                case .malformed: .malformedHTTP
                }
            self.init(code)
        case let error as PolicyError: self.init(.malformedPolicy, error.description)
        default: self.init(.internalFailure, logged: String(describing: error))
        }
    }

    private init(s3 error: S3Error) {
        let (code, message): (Code, String?) =
            switch error.code {
            case .accessDenied where error.message.hasPrefix("User: "):
                // S3 alone puts the resource into quotation marks.
                (.accessDenied, error.message.replacing("\"", with: ""))
            case .accessDenied
            where error.details.contains(where: { $0.name == "HeadersNotSigned" }):
                (.signatureDoesNotMatch, error.message)
            case .accessDenied: (.accessDenied, nil)
            case .signatureDoesNotMatch: (.signatureDoesNotMatch, Self.mismatch)
            case .requestTimeTooSkewed: (.signatureDoesNotMatch, Self.skewed(error))
            case .invalidAccessKeyID, .invalidToken: (.invalidClientToken, nil)
            case .expiredToken: (.expiredToken, nil)
            case .authorizationHeaderMalformed: (.incompleteSignature, error.message)
            case .incompleteBody: (.requestAborted, nil)
            case .requestTimeout: (.requestTimeout, nil)
            case .entityTooLarge, .maxMessageLengthExceeded: (.requestTooLarge, nil)
            case .internalError: (.internalFailure, nil)
            case .serviceUnavailable: (.serviceUnavailable, error.message)
            default: (Code(error.code.status, error.code.name), error.message)
            }
        self.init(code, message, logged: error.logged)
    }

    private static let mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS "
        + "Secret Access Key and signing method. Consult the service documentation for details."

    private static func skewed(_ error: S3Error) -> String {
        let times = error.details.prefix(2).map(\.value)
        return "Signature expired: \(times.first ?? "") is too far from \(times.last ?? "")"
    }

    private init(directory error: DirectoryError) {
        switch error {
        case .exists(let thing, let name):
            self.init(.entityExists, "\(thing.title) with name \(name) already exists.")
        case .missing(let thing, let name): self = .missing(thing, name)
        case .changed: self.init(.concurrentModification, error.description)
        case .accessKeyTaken: self.init(.entityExists, error.description)
        case .invalidName: self.init(.validation, error.description)
        case .inUse(let what): self.init(.deleteConflict, what)
        case .tooMany(let what): self.init(.limitExceeded, what)
        }
    }

    static func missing(_ thing: DirectoryError.Thing, _ name: String) -> QueryError {
        let message =
            switch thing {
            case .policy where name.hasPrefix("arn:"):
                "Policy \(name) does not exist or is not attachable."
            case .accessKey: "The Access Key with id \(name) cannot be found."
            default: "The \(thing.rawValue) with name \(name) cannot be found."
            }
        return QueryError(.noSuchEntity, message)
    }
}

extension DirectoryError.Thing {
    fileprivate var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}
