import S3Protocol

/// One request as the log of its bucket tells it: 27 fields in S3's order, on one line.
///
/// [Server access log format](https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html)
struct ServerLogRecord: Sendable, Hashable {
    /// The canonical ID of the bucket's owner.
    var bucketOwner = ""
    var bucket = ""
    /// When the request came.
    var time = Timestamp(milliseconds: 0)
    var remoteAddress: String?
    /// Who asks: a canonical ID or a user's ARN; `nil` where nobody signed.
    var requester: String?
    var requestID: String?
    /// Such as `REST.PUT.OBJECT`.
    var operation = ""
    var key: String?
    /// The request line's method, target and protocol.
    var requestURI: String?
    var status: Int?
    var errorCode: String?
    var bytesSent: Int64 = 0
    var objectSize: Int64?
    /// From the request's head to the response's last byte, in milliseconds.
    var totalTime: Int64?
    /// The part of it until the response began, in milliseconds.
    var turnAroundTime: Int64?
    var referrer: String?
    var userAgent: String?
    /// The `versionId` of the request.
    var versionID: String?
    var hostID: String?
    /// `SigV4` or `SigV2`.
    var signatureVersion: String?
    var cipherSuite: String?
    /// `AuthHeader` or `QueryString`.
    var authentication: String?
    var host: String?
    var tlsVersion: String?
    /// Whether a list, and nothing else, let the caller do it.
    var neededList = false

    /// The record, with its newline.
    var line: String {
        let fields: [String?] = [
            bucketOwner, bucket, Self.bracketed(time), remoteAddress, requester, requestID,
            operation,
            key.map(Self.encoded), Self.quoted(requestURI), status.map { String($0) }, errorCode,
            bytesSent == 0 ? nil : String(bytesSent), objectSize.map { String($0) },
            totalTime.map { String($0) }, turnAroundTime.map { String($0) },
            Self.quoted(referrer), Self.quoted(userAgent), versionID.map(Self.encoded), hostID,
            signatureVersion, cipherSuite, authentication, host.map(Self.encoded), tlsVersion,
            // Access points there are none, and no request comes from a region of AWS.
            nil, neededList ? "Yes" : nil, nil,
        ]
        return fields.map { $0 ?? Self.unknown }.joined(separator: " ") + "\n"
    }

    private static let unknown = "-"
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// A moment as `[06/Feb/2019:00:00:38 +0000]`.
    private static func bracketed(_ time: Timestamp) -> String {
        let text = Array(ISO8601.format(time))
        let month = Int(String(text[5...6])).flatMap {
            (1...12).contains($0) ? months[$0 - 1] : nil
        }
        return
            "[\(String(text[8...9]))/\(month ?? unknown)/\(String(text[0...3])):\(String(text[11...18])) +0000]"
    }

    /// Text between quotation marks; what could end it, or the line, is written as a URL would.
    private static func quoted(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "\"-\"" }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\u{0}"..."\u{1F}", "\u{7F}"..."\u{10FFFF}":
                quoted += PercentCoding.encode(String(Character(scalar)))
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func encoded(_ text: String) -> String {
        text.isEmpty
            ? unknown : PercentCoding.encode(text, keeping: .slashes).replacing("%3A", with: ":")
    }
}
