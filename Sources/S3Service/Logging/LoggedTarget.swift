import S3Protocol

/// A request's target as a log may show it: who reads the log must not be able to send the request again.
enum LoggedTarget {
    private static let secret: Set = ["x-amz-signature", "x-amz-security-token", "signature"]

    /// The target, or another URL, with a word in place of each signature and session token in its query.
    static func withoutSecrets(_ target: String) -> String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        let start = target.utf8.index(after: mark)
        let parameters = target[start...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = parameters.map { parameter -> String in
            let name = parameter.prefix { $0 != "=" }
            let decoded = PercentCoding.decode(name) ?? String(name)
            return secret.contains(decoded.lowercased()) ? "\(name)=REDACTED" : String(parameter)
        }
        return target[..<start] + shown.joined(separator: "&")
    }
}
