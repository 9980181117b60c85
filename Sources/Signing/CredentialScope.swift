/// What a version 4 signature is good for: one day, one region, one service.
public struct CredentialScope: Sendable, Hashable, CustomStringConvertible {
    /// The day as `yyyyMMdd`, in UTC.
    public let day: String
    /// The region, such as `us-east-1`; some clients leave it empty.
    public let region: String
    /// The service: `s3`, `iam` or `sts`.
    public let service: String

    /// The word that ends every scope.
    static let terminator = "aws4_request"

    /// Names a scope's parts.
    public init(day: String, region: String, service: String) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// The parts as they are signed: `20130524/us-east-1/s3/aws4_request`.
    public var description: String { "\(day)/\(region)/\(service)/\(Self.terminator)" }
}

extension CredentialScope {
    /// The service that a request says it is signed for in its `Authorization` header, before anything of it
    /// is believed.
    public static func claimedService(_ authorization: String) -> String? {
        guard let start = authorization.firstRange(of: "Credential=")?.upperBound else {
            return nil
        }
        let parts = authorization[start...].prefix { $0 != "," && $0 != " " }
            .split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 5 else { return nil }
        return String(parts[parts.count - 2])
    }
}
