import Signing

/// Credentials from the AWS CLI's profile files: a key, or a `credential_process`.
///
/// Profiles that assume a role or log in by SSO are refused with the way around it: the AWS CLI can do that itself
/// and hand the keys over as a `credential_process`.
///
/// [Sourcing credentials with an external process](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sourcing-external.html)
public struct ProfileCredentials: CredentialProvider {
    private let environment: [String: String]
    private let readFile: ReadFile
    private let run: RunCredentialProcess

    /// Looks into the files that an environment names; they are read each time credentials are looked for.
    ///
    /// - Parameters:
    ///   - environment: The process's environment variables.
    ///   - readFile: Reads a small file, or tells `nil` where there is none.
    ///   - run: Runs a command and gives what it prints.
    public init(
        environment: [String: String],
        readFile: @escaping ReadFile = SmallFile.read,
        run: @escaping RunCredentialProcess = CredentialProcess.run
    ) {
        self.environment = environment
        self.readFile = readFile
        self.run = run
    }

    /// The profile's credentials.
    public func resolve() async throws -> ResolvedCredentials? {
        guard let profile = try profile() else { return nil }
        if let key = try key(of: profile) { return key }
        guard let command = profile.settings["credential_process"] else {
            try refuseOthers(profile)
            return nil
        }
        let words = try CredentialProcess.words(of: command)
        return try CredentialProcess.parse(await run(words), source: source(profile))
    }

    /// The profile's key, where it stands in the file.
    public func resolveNow() throws(S3ClientError) -> ResolvedCredentials? {
        guard let profile = try profile() else { return nil }
        return try key(of: profile)
    }

    private func profile() throws(S3ClientError) -> AWSProfile? {
        let profile = try AWSProfile.load(environment: environment, readFile: readFile)
        if !profile.exists, profile.name != "default" {
            throw .credentials(
                "There is no profile “\(profile.name)” in the AWS CLI's files.",
                advice: "Look at AWS_PROFILE, or make it with `aws configure --profile`."
            )
        }
        return profile.exists ? profile : nil
    }

    private func key(of profile: AWSProfile) throws(S3ClientError) -> ResolvedCredentials? {
        let settings = profile.settings
        switch (settings["aws_access_key_id"], settings["aws_secret_access_key"]) {
        case (nil, nil): return nil
        case (let key?, let secret?):
            let credential = Credential(
                accessKey: key,
                secret: Secret(secret),
                sessionToken: settings["aws_session_token"]
            )
            return ResolvedCredentials(credential, source: source(profile))
        default:
            throw .credentials(
                "The profile “\(profile.name)” has only one half of an access key.",
                advice: "Give it aws_access_key_id and aws_secret_access_key."
            )
        }
    }

    private func refuseOthers(_ profile: AWSProfile) throws(S3ClientError) {
        let others = [
            "role_arn", "sso_session", "sso_start_url", "sso_account_id",
            "web_identity_token_file", "login_session",
        ]
        guard let other = others.first(where: { profile.settings[$0] != nil }) else { return }
        throw .credentials(
            "The profile “\(profile.name)” gets its credentials by \(other).",
            advice: """
                Make another profile with credential_process = aws configure export-credentials \
                --profile \(profile.name).
                """
        )
    }

    private func source(_ profile: AWSProfile) -> String { "the profile “\(profile.name)”" }
}
