import HTTPMessage
import Logging
import NIOHTTP1
import S3Protocol

/// One request and what becomes of it: the part of every answer that no operation should know.
struct Exchange {
    let ids: RequestIDs
    let started: ContinuousClock.Instant
    private let http: HTTPRequest
    private(set) var bucket = ""
    private(set) var key = ""
    private var error: S3Error?
    /// The request as S3 reads it, once it was read.
    private(set) var request: S3Request?
    private var reason: String?
    var operation: String
    /// Who asks, once that is known.
    var caller: Caller?
    /// Whether a list, and nothing else, let the caller do it.
    var neededList = false
    /// The keys that it deletes, where they are many.
    var deletions: DeletionJournal?
    /// The host that was signed, where it is an alias of the one that was asked.
    var signedHost: String?
    /// Whether errors are told as pages for people.
    var isWebsite = false
    /// What the log should know of an answer that is no error.
    var note: String?
    /// Who else is told what the log is told.
    var watcher: (@Sendable (AccessLogEntry) -> Void)?

    /// The code of the error that answers it, if one does.
    var errorCode: String? { error?.code.name }

    init(_ http: HTTPRequest, id: RequestIDs, started: ContinuousClock.Instant) {
        self.http = http
        ids = id
        self.started = started
        operation = http.method.rawValue
    }

    /// Remembers what the request names.
    mutating func name(_ request: S3Request) {
        self.request = request
        bucket = request.bucket
        key = request.key
    }

    /// The answer to an error; what is not an ``S3Error`` is the log's alone.
    mutating func response(to error: any Error, logger: Logger) -> HTTPResponse {
        let failure = error as? Website.Failure
        var shown =
            failure?.error ?? error as? S3Error
            ?? S3Error(.internalError, logged: String(describing: error))
        if shown.code == .internalError {
            logger.error("\(operation) failed", metadata: ["error": "\(shown.logged ?? "")"])
        }
        reason = shown.logged
        if shown.code == .noSuchBucket, shown.details.isEmpty {
            shown.details.append(.init("BucketName", bucket))
        }
        if shown.code == .noSuchKey, shown.details.isEmpty {
            shown.details.append(.init("Key", key))
        }
        self.error = shown
        if isWebsite {
            let failure = Website.Failure(error: shown, errorDocument: failure?.errorDocument)
            return WebsitePage.error(failure, ids: ids, isHead: http.method == .HEAD)
        }
        let path = http.target.prefix { $0 != "?" }
        return shown.response(
            resource: String(path),
            ids: ids,
            isHead: http.method == .HEAD
        )
    }

    /// The error of another service on the same port; what is none of its own is the log's alone.
    mutating func refusal(_ error: any Error, logger: Logger) -> QueryError {
        let shown = QueryError(error)
        if shown.code == .internalFailure {
            logger.error("\(operation) failed", metadata: ["error": "\(shown.logged ?? "")"])
        }
        reason = shown.logged
        let code = S3Error.Code(shown.code.status, shown.code.name, shown.code.message)
        var told = S3Error(code, shown.message, logged: shown.logged)
        if let known = error as? S3Error {
            told.details = known.details
            told.explanation = known.explanation
        }
        self.error = told
        return shown
    }

    /// Adds what every response has, and sees to it that the log hears of it once it is sent.
    func finish(
        _ response: inout HTTPResponse,
        time: Timestamp,
        log: @escaping @Sendable (AccessLogEntry) -> Void,
        serverLog: ServerLog
    ) {
        response.headers.add(name: "x-amz-request-id", value: ids.request)
        response.headers.add(name: "x-amz-id-2", value: ids.host)
        response.headers.add(name: "Server", value: "AmazonS3")
        let status = Int(response.status.code)
        let writer = serverLog.writer(for: self, response, at: time)
        response.onSent = { [self] sent in
            let duration = ContinuousClock.now - started
            let (seconds, attoseconds) = duration.components
            writer?.write(bytesSent: sent.bodyBytes, milliseconds: duration.wholeMilliseconds)
            let entry = AccessLogEntry(
                time: time,
                requestID: ids.request,
                peer: http.peer,
                accessKey: caller?.accessKey,
                operation: operation,
                bucket: bucket,
                key: key,
                status: status,
                error: error,
                reason: reason ?? note,
                signedHost: signedHost,
                bytesSent: sent.bodyBytes,
                isComplete: sent.isComplete,
                microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            )
            log(entry)
            watcher?(entry)
        }
    }
}
