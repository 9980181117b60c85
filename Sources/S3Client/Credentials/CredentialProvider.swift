public import S3Protocol
public import Signing

/// Where a client's credentials come from.
public protocol CredentialProvider: Sendable {
    /// The credentials, or `nil` where this is not the place they are kept in.
    ///
    /// - Throws: ``S3ClientError`` of the kind ``S3ClientError/Kind/credentials`` where they are kept here and cannot be had.
    func resolve() async throws -> ResolvedCredentials?

    /// The same, where it can be told without waiting: for URLs, which are signed without it.
    func resolveNow() throws(S3ClientError) -> ResolvedCredentials?
}

extension CredentialProvider {
    /// Nothing: most places must be asked first.
    public func resolveNow() throws(S3ClientError) -> ResolvedCredentials? { nil }
}

/// Credentials that were found; the secret among them is never printed.
public struct ResolvedCredentials: Sendable, Hashable {
    /// The access key, its secret, and its token where it is temporary.
    public var credential: Credential
    /// When they end; `nil` where they do not.
    public var expires: Timestamp?
    /// Where they were found, for a person: `the environment`.
    public var source: String

    /// Puts the three together.
    public init(_ credential: Credential, expires: Timestamp? = nil, source: String) {
        self.credential = credential
        self.expires = expires
        self.source = source
    }
}

extension S3ClientError {
    static func credentials(_ message: String, advice: String = "") -> S3ClientError {
        S3ClientError(.credentials, message: message, advice: advice)
    }
}
