import ObjectStore
import S3Protocol

/// The conditions that a read carries.
///
/// [Conditional reads](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html)
struct ReadConditions: Sendable {
    private let match: ETagMatch?
    private let noneMatch: ETagMatch?
    private let modifiedSince: Timestamp?
    private let unmodifiedSince: Timestamp?
    /// What stands before the names of the headers.
    private let prefix: String

    /// What a read is to do.
    enum Verdict { case proceed, notModified }

    /// Reads the headers of a read, or with a prefix those of a copy's source.
    ///
    /// A date that cannot be read is as good as none, as HTTP has it.
    init(_ request: S3Request, prefix: String = "") {
        self.prefix = prefix
        match = request.header(prefix + "if-match").map(ETagMatch.init)
        noneMatch = request.header(prefix + "if-none-match").map(ETagMatch.init)
        modifiedSince = request.header(prefix + "if-modified-since").flatMap(HTTPDate.parse)
        unmodifiedSince = request.header(prefix + "if-unmodified-since").flatMap(HTTPDate.parse)
    }

    /// Whether an object may be read.
    ///
    /// A date to come is no reason not to: nothing can be said of it yet.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed`.
    func evaluate(_ object: StoredObject, at now: Timestamp) throws(S3Error) -> Verdict {
        if let match {
            guard match.matches(object.etag) else { throw failed("If-Match") }
        } else if let unmodifiedSince {
            // An entity tag that matches outweighs the date, so the date counts only without one.
            guard object.modified.seconds <= unmodifiedSince.seconds else {
                throw failed("If-Unmodified-Since")
            }
        }
        if let noneMatch { return noneMatch.matches(object.etag) ? .notModified : .proceed }
        if let modifiedSince, modifiedSince.seconds <= now.seconds,
            object.modified.seconds <= modifiedSince.seconds
        {
            return .notModified
        }
        return .proceed
    }

    /// Whether an object may be copied: what a read answers with 304 fails a copy.
    func evaluateForCopy(_ object: StoredObject, at now: Timestamp) throws(S3Error) {
        guard try evaluate(object, at: now) == .proceed else {
            throw failed(noneMatch == nil ? "If-Modified-Since" : "If-None-Match")
        }
    }

    private func failed(_ condition: String) -> S3Error { Self.failed(prefix + condition) }

    static func failed(_ condition: String) -> S3Error {
        S3Error(.preconditionFailed, details: [.init("Condition", condition)])
    }
}

/// The conditions that a write carries.
///
/// [Conditional writes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html)
struct WriteConditions: Sendable {
    private let match: ETagMatch?
    private let forbidsExisting: Bool

    var isEmpty: Bool { match == nil && !forbidsExisting }

    /// Reads the headers of a write.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented` for an `If-None-Match` other than `*`, an `If-Match` of `*`, or both
    ///   at once, as AWS has it.
    init(_ request: S3Request) throws(S3Error) {
        match = request.header("if-match").map(ETagMatch.init)
        let noneMatch = request.header("if-none-match").map(ETagMatch.init)
        guard match == nil || noneMatch == nil else {
            throw Self.refused(
                "If-Match,If-None-Match",
                "Multiple conditional request headers present in the request"
            )
        }
        guard noneMatch == nil || noneMatch == .any else {
            throw Self.refused("If-None-Match")
        }
        guard match != .any else { throw Self.refused("If-Match") }
        forbidsExisting = noneMatch != nil
    }

    private static func refused(_ header: String, _ message: String? = nil) -> S3Error {
        let unacceptable = "We don't accept the provided value of \(header) header for this API"
        return S3Error(
            .notImplemented,
            details: [
                .init("Header", header),
                .init("additionalMessage", message ?? unacceptable),
            ]
        )
    }

    /// Whether what is at the key now may be replaced.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed`, or `NoSuchKey` where `If-Match` meets nothing.
    func check(_ current: StoredObject?) throws(S3Error) {
        if forbidsExisting, current != nil { throw ReadConditions.failed("If-None-Match") }
        guard let match else { return }
        guard let current else { throw S3Error(.noSuchKey) }
        guard match.matches(current.etag) else { throw ReadConditions.failed("If-Match") }
    }

    /// Fails for an object that was written while the upload was under way that is to replace it: S3 wants such an
    /// upload begun anew.
    ///
    /// - Throws: ``S3Error`` with `ConditionalRequestConflict`.
    func check(_ current: StoredObject?, sinceUploadBegan initiated: Timestamp) throws(S3Error) {
        guard match != nil, let current, current.modified > initiated else { return }
        throw S3Error(
            .conditionalRequestConflict,
            details: [.init("Condition", "If-Match"), .init("Key", current.key)]
        )
    }

    /// The same at the moment of the commit, when the first look had passed.
    ///
    /// - Throws: also `ConditionalRequestConflict` where the object vanished in between.
    func checkAgain(_ current: StoredObject?) throws(S3Error) {
        if match != nil, current == nil { throw S3Error(.conditionalRequestConflict) }
        try check(current)
    }
}
