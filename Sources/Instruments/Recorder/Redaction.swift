import NIOHTTP1
import S3Protocol

/// Takes out of a request what would let its reader sign or decrypt.
public enum Redaction {
    /// What stands where a secret was.
    public static let mark = "REDACTED"

    /// Names of header fields that a presigned request may have in its query instead.
    private static let either: Set<String> = [
        "x-amz-security-token",
        "x-amz-server-side-encryption-customer-key",
        "x-amz-copy-source-server-side-encryption-customer-key",
    ]
    private static let headers = either.union(["cookie", "set-cookie"])
    private static let parameters = either.union(["x-amz-signature", "signature"])

    /// Header fields without secrets; of `Authorization`, all but the signature stays.
    static func fields(_ headers: HTTPHeaders) -> [RecordedCall.Field] {
        headers.map { name, value in
            let lowercase = name.lowercased()
            if Self.headers.contains(lowercase) { return .init(name, mark) }
            return .init(name, lowercase == "authorization" ? authorization(value) : value)
        }
    }

    /// A target without secrets in its query.
    static func target(_ target: String) -> String {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return target }
        let query = parts[1].split(separator: "&", omittingEmptySubsequences: false).map { pair in
            let name = pair.prefix { $0 != "=" }
            let decoded = PercentCoding.decode(name, plusIsSpace: true) ?? String(name)
            return parameters.contains(decoded.lowercased()) ? "\(name)=\(mark)" : String(pair)
        }
        return parts[0] + "?" + query.joined(separator: "&")
    }

    private static func authorization(_ value: String) -> String {
        // AWS AKIA…:signature
        if value.hasPrefix("AWS "), let colon = value.lastIndex(of: ":") {
            return value[...colon] + mark
        }
        // AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…
        guard value.hasPrefix("AWS4-"), let start = value.firstRange(of: "Signature=") else {
            return mark
        }
        let end = value[start.upperBound...].firstIndex { $0 == "," || $0 == " " }
        return value[..<start.upperBound] + mark + value[(end ?? value.endIndex)...]
    }
}
