import FoundationEssentials
import S3Protocol
import Signing

/// Credentials as programs and services hand them over: an object of JSON.
struct CredentialDocument: Decodable {
    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case accessKey = "AccessKeyId"
        case secret = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case token = "Token"
        case expiration = "Expiration"
    }

    let version: Int?
    private let accessKey: String
    private let secret: String
    /// A program's name for the token.
    private let sessionToken: String?
    /// A service's name for the token.
    private let token: String?
    private let expiration: String?

    /// Reads a document; what is wrong with it is not told, since it may hold a secret.
    static func read(_ bytes: [UInt8]) -> CredentialDocument? {
        try? JSONDecoder().decode(CredentialDocument.self, from: Data(bytes))
    }

    /// The credentials; `nil` where their end is no time.
    func resolved(source: String) -> ResolvedCredentials? {
        var expires: Timestamp?
        if let expiration {
            guard let moment = Expiry.parse(expiration) else { return nil }
            expires = moment
        }
        let credential = Credential(
            accessKey: accessKey,
            secret: Secret(secret),
            sessionToken: sessionToken ?? token
        )
        return ResolvedCredentials(credential, expires: expires, source: source)
    }
}

/// The end of credentials, in ISO 8601.
enum Expiry {
    /// Reads `2026-03-14T15:09:26Z`, or with an offset such as `+02:00`, which some programs print.
    static func parse(_ text: String) -> Timestamp? {
        if let moment = ISO8601.parse(text) { return moment }
        guard let sign = text.utf8.dropFirst(11).firstIndex(where: { $0 == 0x2B || $0 == 0x2D })
        else { return nil }
        let offset = text[sign...].dropFirst().split(separator: ":").map { Int64($0) }
        guard offset.count == 2, let hours = offset[0], let minutes = offset[1],
            (0...23).contains(hours), (0...59).contains(minutes),
            let local = ISO8601.parse(text[..<sign] + "Z")
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return local.advanced(bySeconds: text[sign] == "-" ? seconds : -seconds)
    }
}
