import Signing

/// Credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
///
/// [Environment variables of the AWS CLI](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html)
public struct EnvironmentCredentials: CredentialProvider {
    private let environment: [String: String]

    /// Looks into an environment.
    public init(_ environment: [String: String]) { self.environment = environment }

    /// The variables, or `nil` where neither key is set.
    public func resolve() async throws -> ResolvedCredentials? { try resolveNow() }

    /// The variables, or `nil` where neither key is set.
    public func resolveNow() throws(S3ClientError) -> ResolvedCredentials? {
        switch (value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")) {
        case (nil, nil): return nil
        case (let key?, let secret?):
            let credential = Credential(
                accessKey: key,
                secret: Secret(secret),
                sessionToken: value("AWS_SESSION_TOKEN")
            )
            return ResolvedCredentials(credential, source: "the environment")
        case (let key, _):
            let missing = key == nil ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY"
            throw .credentials(
                "Only one half of the credentials is in the environment.",
                advice: "Set \(missing) too, or unset the other."
            )
        }
    }

    /// A variable; an empty one counts as unset.
    private func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
