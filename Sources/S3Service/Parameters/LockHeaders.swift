import NIOHTTP1
import ObjectStore
import S3Protocol

/// The lock that a write asks for, and how a lock is shown.
///
/// [Object Lock](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html)
struct LockHeaders: Sendable {
    private static let mode = "x-amz-object-lock-mode"
    private static let until = "x-amz-object-lock-retain-until-date"
    private static let hold = "x-amz-object-lock-legal-hold"

    let lock: ObjectLock

    /// Reads the headers of a write.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` or `InvalidRequest`.
    init(_ request: S3Request) throws(S3Error) {
        lock = ObjectLock(
            retention: try Self.retention(request),
            legalHold: try Self.legalHold(request)
        )
    }

    /// The lock of a new version: what was asked for, or the bucket's default.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` where the bucket has no locks, `InvalidArgument` for a
    ///   day that has passed, `AccessDenied` where the caller may not lock.
    func resolve(key: String, in bucket: Bucket, _ context: Context) throws -> ObjectLock {
        // Locks need versions, so most buckets are spared the look.
        let configuration =
            bucket.versioning == .enabled ? try LockConfiguration(of: bucket, context.store) : nil
        guard lock != .none else {
            return ObjectLock(retention: configuration?.retention(from: context.now))
        }
        guard configuration != nil else { throw LockConfiguration.missing }
        if let retention = lock.retention {
            try context.require(PutObjectRetention.action, onObject: key, in: bucket.name)
            guard retention.until > context.now else { throw Self.past }
        }
        if lock.legalHold != nil {
            try context.require(PutObjectLegalHold.action, onObject: key, in: bucket.name)
        }
        var lock = lock
        lock.retention = lock.retention ?? configuration?.retention(from: context.now)
        return lock
    }

    /// How many days a retention still lasts, as conditions compare it.
    static func remainingDays(until: Timestamp, at now: Timestamp) -> String {
        String((until.milliseconds - now.milliseconds) / 86_400_000)
    }

    static let past = S3Error(
        .invalidArgument,
        "The retain until date must be in the future!",
        details: [.init("ArgumentName", until)]
    )

    /// The headers of a read, for those who may see the lock.
    static func show(
        _ object: StoredObject,
        in bucket: String,
        _ context: Context
    ) throws -> HTTPHeaders {
        var headers: HTTPHeaders = [:]
        if let retention = object.lock.retention,
            try context.allows(GetObjectRetention.action, onObject: object.key, in: bucket)
        {
            headers.add(name: mode, value: retention.mode.rawValue)
            headers.add(name: until, value: ISO8601.format(retention.until))
        }
        if let legalHold = object.lock.legalHold,
            try context.allows(GetObjectLegalHold.action, onObject: object.key, in: bucket)
        {
            headers.add(name: hold, value: legalHold ? "ON" : "OFF")
        }
        return headers
    }

    private static func retention(
        _ request: S3Request
    ) throws(S3Error) -> ObjectLock.Retention? {
        switch (request.header(mode), request.header(until)) {
        case (nil, nil): return nil
        case (let name?, let day?):
            guard let mode = ObjectLock.Mode(rawValue: name) else {
                throw invalid("Unknown wormMode directive.", mode, name)
            }
            guard let until = ISO8601.parse(day) else {
                throw invalid(
                    "The retain until date must be provided in ISO 8601 format",
                    until,
                    day
                )
            }
            return ObjectLock.Retention(mode: mode, until: until)
        default:
            throw S3Error(
                .invalidArgument,
                "\(until) and \(mode) must both be supplied",
                details: [.init("ArgumentName", request.header(mode) == nil ? mode : until)]
            )
        }
    }

    private static func legalHold(_ request: S3Request) throws(S3Error) -> Bool? {
        switch request.header(hold) {
        case nil: return nil
        case "ON": return true
        case "OFF": return false
        case let other?: throw invalid("Legal Hold must be either of 'ON' or 'OFF'", hold, other)
        }
    }

    private static func invalid(_ message: String, _ name: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [.init("ArgumentName", name), .init("ArgumentValue", value)]
        )
    }
}

/// Whether a deletion lifts retentions in GOVERNANCE mode.
struct GovernanceBypass: Sendable {
    private static let header = "x-amz-bypass-governance-retention"
    private let isAsked: Bool
    /// Whether the header is there at all, even to say no.
    private let isNamed: Bool

    init(_ request: S3Request) {
        let text = request.header(Self.header)
        isNamed = text != nil
        isAsked = text?.lowercased() == "true"
    }

    /// Fails where the header is sent to a bucket without locks, as S3 does it.
    ///
    /// Many who delete send it always, and other servers let them: so does Pail, unless it is to be strict.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument`.
    func requireLocks(in bucket: Bucket, _ context: Context) throws {
        guard isNamed, context.configuration.isStrict,
            try LockConfiguration(of: bucket, context.store) == nil
        else { return }
        throw S3Error(
            .invalidArgument,
            "\(Self.header) is only applicable to Object Lock enabled buckets.",
            details: [.init("ArgumentName", Self.header)]
        )
    }

    /// Whether it is asked for, and the caller may.
    func applies(to key: String, in bucket: Bucket, _ context: Context) throws -> Bool {
        try isAsked
            && context.allows("s3:BypassGovernanceRetention", onObject: key, in: bucket.name)
    }
}

extension StoredObject {
    /// Fails where a lock keeps this version.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func requireUnlocked(at now: Timestamp, bypassingGovernance: Bool) throws(S3Error) {
        guard lock.holds(at: now, bypassingGovernance: bypassingGovernance) else { return }
        throw S3Error(
            .accessDenied,
            "Access Denied because object protected by object lock.",
            logged: "\(key) is locked"
        )
    }
}
