public import Signing

/// Credentials that are given as values.
public struct StaticCredentials: CredentialProvider {
    private let credential: Credential

    /// Takes an access key.
    public init(_ credential: Credential) { self.credential = credential }

    /// Takes the parts of an access key.
    public init(accessKey: String, secret: String, sessionToken: String? = nil) {
        credential = Credential(
            accessKey: accessKey,
            secret: Secret(secret),
            sessionToken: sessionToken
        )
    }

    /// The values.
    public func resolve() async throws -> ResolvedCredentials? { try resolveNow() }

    /// The values.
    public func resolveNow() throws(S3ClientError) -> ResolvedCredentials? {
        ResolvedCredentials(credential, source: "the configuration")
    }
}
