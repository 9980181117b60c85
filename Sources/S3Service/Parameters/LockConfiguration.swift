import NIOCore
import ObjectStore
import S3Protocol

/// That a bucket has locks, and the retention that its new versions get.
///
/// [PutObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html)
struct LockConfiguration: Sendable, Hashable {
    /// A retention that begins with the version.
    struct Default: Sendable, Hashable {
        let mode: ObjectLock.Mode
        let unit: Unit
        let count: Int
    }

    /// What a period is counted in.
    enum Unit: String, Sendable, Hashable, CaseIterable {
        case days = "Days"
        case years = "Years"

        /// A year is 365 days to S3.
        var days: Int { self == .days ? 1 : 365 }
        /// A hundred years.
        var limit: Int { 36_500 / days }
    }

    /// The name of the document in the store.
    static let setting = "object-lock"
    static let missing = S3Error(
        .invalidRequest,
        "Bucket is missing Object Lock Configuration"
    )

    /// What asking for a hold until an event gets: without it, a version would be protected less than was asked for.
    static let eventHold = S3Error(.notImplemented, "Event holds are not implemented.")

    let retention: Default?

    /// Locks without a default retention.
    init() { retention = nil }

    /// What a bucket is configured to; `nil` where it has no locks.
    init?(of bucket: Bucket, _ store: Store) throws {
        guard let document = try store.setting(Self.setting, of: bucket) else { return nil }
        try self.init(document: ByteBuffer(bytes: document))
    }

    /// Reads a document.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, or `InvalidArgument` for a period that is none.
    init(document: ByteBuffer) throws(S3Error) {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(document.readableBytesView, root: "ObjectLockConfiguration")
        guard root["ObjectLockEnabled"]?.trimmed == "Enabled" else { throw S3Error(.malformedXML) }
        guard let rule = root["Rule"] else {
            retention = nil
            return
        }
        guard let retention = rule["DefaultRetention"] else { throw S3Error(.malformedXML) }
        guard retention["DefaultEventHold"] == nil else { throw Self.eventHold }
        guard
            let mode = (retention["Mode"]?.trimmed).flatMap({ ObjectLock.Mode(rawValue: $0) })
        else { throw S3Error(.malformedXML) }
        let periods = Unit.allCases.compactMap { unit in retention[unit.rawValue].map { (unit, $0) }
        }
        guard periods.count == 1, let (unit, element) = periods.first,
            let count = Int(element.trimmed)
        else { throw S3Error(.malformedXML) }
        guard (1...unit.limit).contains(count) else {
            throw S3Error(
                .invalidArgument,
                count < 1
                    ? "Default retention period must be a positive integer value."
                    : "Default retention period too large. Maximum is 36500 days or 100 years.",
                details: [.init("ArgumentName", unit.rawValue)]
            )
        }
        self.retention = Default(mode: mode, unit: unit, count: count)
    }

    /// The retention of a version that is written now.
    func retention(from now: Timestamp) -> ObjectLock.Retention? {
        retention.map { period in
            let days = period.count * period.unit.days
            return ObjectLock.Retention(
                mode: period.mode,
                until: now.advanced(bySeconds: Int64(days) * 24 * 60 * 60)
            )
        }
    }

    /// The document.
    var document: ByteBuffer {
        XMLWriter.document("ObjectLockConfiguration") { xml in
            xml.element("ObjectLockEnabled", "Enabled")
            guard let retention else { return }
            xml.element("Rule") { xml in
                xml.element("DefaultRetention") { xml in
                    xml.element("Mode", retention.mode.rawValue)
                    xml.element(named: retention.unit.rawValue, String(retention.count))
                }
            }
        }
    }
}
