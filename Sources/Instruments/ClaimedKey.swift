package import HTTPMessage
import NIOHTTP1
import S3Protocol

/// The access key that a request says it is signed with.
///
/// Enough to know whose request it is, and nothing that is believed: who answers it asks for a proof.
package enum ClaimedKey {
    /// The key of a request's `Authorization` header, else of its query.
    package static func of(_ request: HTTPRequest) -> String? {
        if let header = request.headers.first(name: "authorization") {
            return inHeader(header)
        }
        guard let mark = request.target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return inQuery(request.target[mark...].dropFirst())
    }

    /// `AWS4-HMAC-SHA256 Credential=KEY/DAY/REGION/SERVICE/aws4_request, ...` or `AWS KEY:SIGNATURE`.
    static func inHeader(_ value: String) -> String? {
        if value.hasPrefix("AWS ") {
            let rest = value.dropFirst(4)
            return rest.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(rest[..<$0]) }
        }
        for component in value.split(whereSeparator: { $0 == " " || $0 == "," })
        where component.hasPrefix("Credential=") {
            return String(inCredential(component.dropFirst("Credential=".count)))
        }
        return nil
    }

    /// `X-Amz-Credential=KEY%2FDAY...` or `AWSAccessKeyId=KEY`.
    static func inQuery(_ query: Substring) -> String? {
        for pair in query.split(separator: "&") {
            guard let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = pair[pair.utf8.index(after: equals)...]
            switch pair[..<equals] {
            case "X-Amz-Credential":
                return PercentCoding.decode(value).map { String(inCredential($0[...])) }
            case "AWSAccessKeyId": return PercentCoding.decode(value)
            default: continue
            }
        }
        return nil
    }

    /// What stands before the four words of a scope.
    private static func inCredential(_ credential: Substring) -> Substring {
        var key = credential
        for _ in 1...4 {
            guard let slash = key.utf8.lastIndex(of: UInt8(ascii: "/")) else { return key }
            key = key[..<slash]
        }
        return key
    }
}
