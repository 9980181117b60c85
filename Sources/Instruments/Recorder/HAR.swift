package import Policy
import S3Protocol

/// Recorded calls as a HAR file, which browsers' and proxies' tools read.
///
/// [HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/)
package enum HAR {
    /// The whole file.
    ///
    /// - Parameters:
    ///   - calls: What was recorded.
    ///   - version: Pail's.
    /// - Returns: The file's document.
    package static func log(_ calls: [RecordedCall], version: String) -> JSON {
        .object([
            "log": .object([
                "version": .string("1.2"),
                "creator": .object(["name": .string("Pail"), "version": .string(version)]),
                "entries": .array(calls.map(entry)),
            ])
        ])
    }

    private static func entry(_ call: RecordedCall) -> JSON {
        let time = JSON.number(milliseconds(call.microseconds))
        return .object([
            "startedDateTime": .string(ISO8601.format(call.time)),
            "time": time,
            "request": request(call),
            "response": response(call),
            "cache": .object([JSON.Member]()),
            // The server does not see the parts that the client waits for.
            "timings": .object([
                "send": .number("0"), "wait": time, "receive": .number("0"),
            ]),
            "comment": comment(call),
            "_number": .number(String(call.number)),
            "_operation": .string(call.operation),
        ])
    }

    private static func comment(_ call: RecordedCall) -> JSON? {
        call.faults.isEmpty ? nil : .string("faults: " + call.faults.joined(separator: ", "))
    }

    private static func request(_ call: RecordedCall) -> JSON {
        let host = call.requestHeaders.first { $0.name.lowercased() == "host" }?.value ?? ""
        return .object([
            "method": .string(call.method),
            "url": .string("\(call.isSecure ? "https" : "http")://\(host)\(call.target)"),
            "httpVersion": .string("HTTP/1.1"),
            "cookies": .array([]),
            "headers": fields(call.requestHeaders),
            "queryString": fields(query(of: call.target)),
            "headersSize": .number("-1"),
            "bodySize": .number(String(call.requestBytes)),
        ])
    }

    private static func response(_ call: RecordedCall) -> JSON {
        func header(_ name: String) -> String {
            call.responseHeaders.first { $0.name.lowercased() == name }?.value ?? ""
        }
        return .object([
            "status": .number(String(call.status)),
            "statusText": .string(call.errorCode ?? ""),
            "httpVersion": .string("HTTP/1.1"),
            "cookies": .array([]),
            "headers": fields(call.responseHeaders),
            "content": .object([
                "size": .number(String(call.responseBytes)),
                "mimeType": .string(header("content-type")),
            ]),
            "redirectURL": .string(header("location")),
            "headersSize": .number("-1"),
            "bodySize": .number(String(call.responseBytes)),
        ])
    }

    private static func fields(_ fields: [RecordedCall.Field]) -> JSON {
        .array(
            fields.map { .object(["name": .string($0.name), "value": .string($0.value)]) }
        )
    }

    private static func query(of target: String) -> [RecordedCall.Field] {
        guard let mark = target.firstIndex(of: "?") else { return [] }
        return target[target.index(after: mark)...].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String {
                PercentCoding.decode(text, plusIsSpace: true) ?? String(text)
            }
            return .init(decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    private static func milliseconds(_ microseconds: Int64) -> String {
        let (whole, rest) = max(microseconds, 0).quotientAndRemainder(dividingBy: 1000)
        return "\(whole).\(String(String(1000 + rest).dropFirst()))"
    }
}
