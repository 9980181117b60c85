import Policy

/// Which of the recorded calls are meant: those that meet everything that is said.
public struct CallFilter: Sendable, Hashable {
    /// The operation; names may have `*` and `?`.
    public var operation: String?
    /// The bucket.
    public var bucket: String?
    /// The key.
    public var key: String?
    /// The access key.
    public var accessKey: String?
    /// The status.
    public var status: Int?
    /// The S3 error code.
    public var errorCode: String?
    /// A fault that was applied, by the name of its effect.
    public var fault: String?
    /// Only calls with a greater number.
    public var after: Int?

    /// Means all calls, unless something is said.
    public init(
        operation: String? = nil,
        bucket: String? = nil,
        key: String? = nil,
        accessKey: String? = nil,
        status: Int? = nil,
        errorCode: String? = nil,
        fault: String? = nil,
        after: Int? = nil
    ) {
        self.operation = operation
        self.bucket = bucket
        self.key = key
        self.accessKey = accessKey
        self.status = status
        self.errorCode = errorCode
        self.fault = fault
        self.after = after
    }

    /// Whether a call is meant.
    public func matches(_ call: RecordedCall) -> Bool { matcher(call) }

    /// Tells whether a call is meant: made once for many calls.
    var matcher: (RecordedCall) -> Bool {
        let operation = self.operation.map { Wildcard($0) }
        let bucket = self.bucket.map { Wildcard($0) }
        let key = self.key.map { Wildcard($0) }
        let accessKey = self.accessKey.map { Wildcard($0) }
        let errorCode = self.errorCode.map { Wildcard($0) }
        let (status, fault, after) = (status, fault, after ?? 0)
        func meets(_ pattern: Wildcard?, _ text: String?) -> Bool {
            guard let pattern else { return true }
            return text.map { pattern.matches($0) } ?? false
        }
        return { call in
            call.number > after && status ?? call.status == call.status
                && meets(operation, call.operation) && meets(bucket, call.bucket)
                && meets(key, call.key) && meets(accessKey, call.accessKey)
                && meets(errorCode, call.errorCode)
                && (fault.map { call.faults.contains($0) } ?? true)
        }
    }
}
