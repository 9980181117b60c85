/// What a version 4 signature is good for: one day, one region, one service.
public struct CredentialScope: Sendable, Hashable, CustomStringConvertible {
    /// The day as `yyyyMMdd`, in UTC.
    public let day: String
    /// The region, such as `us-east-1`; some clients leave it empty.
    public let region: String
    /// The service: `s3`.
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
