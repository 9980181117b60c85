public import S3Protocol

/// What keeps a version from being deleted or overwritten: a retention until a day, and a legal hold.
///
/// [Object Lock](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html)
public struct ObjectLock: Sendable, Hashable {
    /// Who can lift a retention.
    public enum Mode: String, Sendable, Hashable {
        /// Those with a right of its own.
        case governance = "GOVERNANCE"
        /// Nobody.
        case compliance = "COMPLIANCE"
    }

    /// A time until which a version stays.
    public struct Retention: Sendable, Hashable {
        /// Who can lift it.
        public var mode: Mode
        /// When it ends.
        public var until: Timestamp

        /// Puts the two together.
        public init(mode: Mode, until: Timestamp) {
            self.mode = mode
            self.until = until
        }
    }

    /// The time until which the version stays, if there is one.
    public var retention: Retention?
    /// Whether it stays until the hold is lifted; `nil` where nobody ever said.
    public var legalHold: Bool?

    /// Puts the two together.
    public init(retention: Retention? = nil, legalHold: Bool? = nil) {
        self.retention = retention
        self.legalHold = legalHold
    }

    /// Nothing.
    public static let none = ObjectLock()

    /// Whether a version with this lock must stay for now.
    public func holds(at now: Timestamp, bypassingGovernance: Bool) -> Bool {
        if legalHold == true { return true }
        guard let retention, retention.until > now else { return false }
        return retention.mode == .compliance || !bypassingGovernance
    }
}

extension ObjectLock {
    /// The lock as it is in the index.
    var encoded: [UInt8] {
        var fields: [Field] = []
        if let retention {
            fields.append(Field("mode", retention.mode.rawValue))
            fields.append(Field("until", String(retention.until.milliseconds)))
        }
        if let legalHold { fields.append(Field("hold", legalHold ? "ON" : "OFF")) }
        return fields.encoded
    }

    /// Reads what ``encoded`` wrote.
    ///
    /// What cannot be read is a legal hold, for it may be a lock of any kind: who may lift holds decides.
    init(encoded bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        var values: [String: String] = [:]
        guard let fields = [Field](encoded: bytes) else {
            legalHold = true
            return
        }
        for field in fields { values[field.name] = field.value }
        if let mode = values["mode"].flatMap({ Mode(rawValue: $0) }),
            let until = values["until"].flatMap({ Int64($0) })
        {
            retention = Retention(mode: mode, until: Timestamp(milliseconds: until))
        }
        legalHold = values["hold"].map { $0 != "OFF" }
        if retention == nil, values["mode"] ?? values["until"] != nil { legalHold = true }
    }
}
