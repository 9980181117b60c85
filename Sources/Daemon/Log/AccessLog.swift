import S3Protocol
import S3Service

extension LogOutput {
    /// Writes the one line that each request gets, with the tenant that it was for where that is not the daemon's own.
    func line(_ entry: AccessLogEntry, tenant: String? = nil) {
        var fields: [LogRecord.Field] = []
        fields.reserveCapacity(13)
        func add(_ name: String, _ value: LogRecord.Value) {
            fields.append(LogRecord.Field(name: name, value: value))
        }
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { add(name, .text(text)) }
        }
        add("tenant", tenant)
        add("operation", entry.operation)
        add("bucket", entry.bucket)
        add("key", entry.key)
        add("status", .number(String(entry.status)))
        add("error", entry.errorCode)
        add("reason", entry.reason)
        add("bytes", .number(String(entry.bytesSent)))
        add("ms", .number(Self.milliseconds(entry.microseconds)))
        if !entry.isComplete { add("cut", .text("yes")) }
        add("access-key", entry.accessKey)
        add("signed-host", entry.signedHost)
        add("peer", entry.peer)
        add("id", entry.requestID)
        line(LogRecord(time: entry.time, level: "info", message: "request", fields: fields))
    }

    /// Microseconds as milliseconds with three digits after the point.
    private static func milliseconds(_ microseconds: Int64) -> String {
        let (whole, rest) = max(microseconds, 0).quotientAndRemainder(dividingBy: 1000)
        return "\(whole).\(String(String(1000 + rest).dropFirst()))"
    }
}
