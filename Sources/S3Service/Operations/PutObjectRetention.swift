import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Keeps a version until a day.
///
/// A retention is prolonged at will. In GOVERNANCE mode it is shortened, lifted or made COMPLIANCE by those
/// who may, in COMPLIANCE mode by nobody.
///
/// [PutObjectRetention](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html)
struct PutObjectRetention: Operation {
    static let route = Route(.PUT, .object, query: ["retention"], optional: ["versionId"])
    static let action: Action = "s3:PutObjectRetention"
    static let authorizesItself = true

    let bucket: String
    let object: TaggedObject
    let bypass: GovernanceBypass

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        object = try TaggedObject(request)
        bypass = GovernanceBypass(request)
        try ChecksumHeaders.requireDigest(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let new = try Self.retention(try await context.payload.document())
        try context.authorization.require(
            Self.action,
            on: .object(bucket, key: object.key, object.version),
            told: Self.told(new, at: context.now)
        )
        guard try LockConfiguration(of: bucket, context.store) != nil else {
            throw LockConfiguration.missing
        }
        if let new, new.until <= context.now { throw LockHeaders.past }
        let found = try object.find(in: bucket, context.store)
        let mayBypass = try bypass.applies(to: object.key, in: bucket, context)
        let now = context.now
        try await context.store.changeLock(of: found) { lock in
            guard lock.retention.allows(new, at: now, bypassingGovernance: mayBypass) else {
                throw S3Error(
                    .accessDenied,
                    "Access Denied because object protected by object lock."
                )
            }
            return ObjectLock(retention: new, legalHold: lock.legalHold)
        }
        var response = S3Response()
        response.headers.addVersion(of: found, in: bucket)
        return response
    }

    /// What conditions can look at.
    private static func told(
        _ new: ObjectLock.Retention?,
        at now: Timestamp
    ) -> [String: [String]] {
        guard let new else { return [:] }
        return [
            "s3:object-lock-mode": [new.mode.rawValue],
            "s3:object-lock-retain-until-date": [ISO8601.format(new.until)],
            "s3:object-lock-remaining-retention-days": [
                LockHeaders.remainingDays(until: new.until, at: now)
            ],
        ]
    }

    /// The retention that a document asks for; an empty one lifts it.
    private static func retention(
        _ document: ByteBuffer
    ) throws(S3Error) -> ObjectLock.Retention? {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(document.readableBytesView, root: "Retention")
        guard !root.children.isEmpty else { return nil }
        guard root["EventHold"] == nil, root["EventHoldDuration"] == nil else {
            throw LockConfiguration.eventHold
        }
        guard let mode = (root["Mode"]?.trimmed).flatMap({ ObjectLock.Mode(rawValue: $0) }),
            let until = (root["RetainUntilDate"]?.trimmed).flatMap({ ISO8601.parse($0) })
        else { throw S3Error(.malformedXML) }
        return ObjectLock.Retention(mode: mode, until: until)
    }
}

extension ObjectLock.Retention? {
    /// Whether another retention may take this one's place.
    fileprivate func allows(
        _ new: ObjectLock.Retention?,
        at now: Timestamp,
        bypassingGovernance: Bool
    ) -> Bool {
        guard let old = self, old.until > now else { return true }
        if let new, new.until >= old.until, new.mode == old.mode { return true }
        return old.mode == .governance && bypassingGovernance
    }
}
