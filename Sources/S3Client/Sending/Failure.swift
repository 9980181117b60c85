import HTTPMessage
import NIOHTTP1
import S3Protocol

/// Why one attempt failed, with what decides whether another may succeed.
struct Failure: Error {
    /// Bytes of an error document; those of refused signatures are the longest, with some KiB.
    static let documentLimit = 256 << 10

    var error: S3ClientError
    private let headers: HTTPHeaders

    /// What an attempt threw.
    init(_ thrown: any Error, of call: Call) {
        switch thrown {
        case let failure as Failure: self = failure
        case var error as S3ClientError:
            if error.operation.isEmpty { error.operation = call.operation }
            self.init(error, headers: [:])
        default:
            let error = S3ClientError(
                .connection,
                operation: call.operation,
                message: "There was no answer: \(thrown).",
                advice: "Look at the endpoint, the network, and whether the server runs."
            )
            self.init(error, headers: [:])
        }
    }

    private init(_ error: S3ClientError, headers: HTTPHeaders) {
        self.error = error
        self.headers = headers
    }

    /// Reads the reply of an error.
    static func read(_ response: TransportResponse, of call: Call) async -> Failure {
        // Without a document that can be read the status still tells what it is.
        let bytes =
            call.method == .HEAD ? nil : try? await response.body.collect(upTo: documentLimit)
        return Failure(response.status, response.headers, bytes ?? [], of: call)
    }

    /// An error document, whatever the status it came with: AWS answers 200 before it knows.
    init(
        _ status: HTTPResponseStatus,
        _ headers: HTTPHeaders,
        _ document: [UInt8],
        of call: Call
    ) {
        let root = try? XMLElement.parse(document, root: "Error")
        let told = root?.children ?? []
        func word(_ name: String) -> String? { told.first { $0.name == name }?.trimmed }
        let known = ["Code", "Message", "RequestId", "HostId"]
        var error = S3ClientError(
            .service,
            operation: call.operation,
            code: word("Code") ?? Self.code(of: status),
            message: word("Message") ?? "The service answers \(status.code).",
            status: Int(status.code),
            requestID: headers.first(name: "x-amz-request-id") ?? word("RequestId") ?? "",
            hostID: headers.first(name: "x-amz-id-2") ?? word("HostId") ?? "",
            details: told.filter { !known.contains($0.name) }.map { .init($0.name, $0.text) }
        )
        error.advice = error.nextStep(bucket: call.bucket)
        self.init(error, headers: headers)
    }

    /// A code where no document tells one, as botocore makes them from the status.
    private static func code(of status: HTTPResponseStatus) -> String {
        switch status {
        case .notFound: "NotFound"
        case .forbidden: "Forbidden"
        case .preconditionFailed: "PreconditionFailed"
        case .movedPermanently: "PermanentRedirect"
        case .serviceUnavailable: "ServiceUnavailable"
        default: String(status.code)
        }
    }

    // MARK: What may help

    /// Codes that another attempt may not meet again.
    private static let transientCodes: Set = [
        "InternalError", "SlowDown", "ServiceUnavailable", "RequestTimeout", "Throttling",
        "ThrottlingException", "RequestThrottled", "TooManyRequestsException",
        "BandwidthLimitExceeded",
        "RequestTimeoutException", "OperationAborted",
    ]

    var isTransient: Bool {
        switch error.kind {
        case .connection: true
        case .service:
            [429, 500, 502, 503, 504].contains(error.status)
                || Self.transientCodes.contains(error.code)
        default: false
        }
    }

    /// The credentials have ended before their time.
    var isExpired: Bool { ["ExpiredToken", "ExpiredTokenException"].contains(error.code) }

    /// The pause that the server asks for: seconds, or a date.
    var retryAfter: Duration? {
        guard let text = headers.first(name: "Retry-After") else { return nil }
        if let seconds = Int64(text), seconds >= 0 { return .seconds(seconds) }
        guard let then = HTTPDate.parse(text), let now = date else { return nil }
        return .milliseconds(max(then.milliseconds &- now.milliseconds, 0))
    }

    /// The region that the server says the bucket has, where that is why it refused.
    var region: String? {
        let codes = [
            "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
            "IllegalLocationConstraintException",
        ]
        guard [301, 307].contains(error.status) || codes.contains(error.code) || isBareRefusal,
            let region = headers.first(name: "x-amz-bucket-region") ?? error.detail("Region"),
            S3Endpoint.isRegion(region)
        else { return nil }
        return region
    }

    /// How far the server's clock is ahead, in milliseconds, where that is why it refused.
    func clockOffset(from now: Timestamp, known: Int64) -> Int64? {
        let isSkewed =
            ["RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"].contains(error.code)
        guard isSkewed || isBareRefusal, let date else { return nil }
        let offset = date.milliseconds &- now.milliseconds
        // A HEAD does not say why: clocks that agree are no reason.
        guard isSkewed || abs(offset &- known) > Self.skewMilliseconds else { return nil }
        return offset
    }

    /// The distance of clocks from which AWS refuses: 15 minutes, a little less
    /// since time has passed.
    private static let skewMilliseconds: Int64 = 840_000

    /// A refusal of a HEAD, which has no words.
    private var isBareRefusal: Bool {
        [400, 403].contains(error.status) && ["400", "Forbidden"].contains(error.code)
    }

    private var date: Timestamp? { headers.first(name: "Date").flatMap { HTTPDate.parse($0) } }
}
