/// Places that are asked for credentials one after the other; the first that has some gives them.
public struct CredentialChain: CredentialProvider {
    private let providers: [any CredentialProvider]

    /// Asks in this order.
    public init(_ providers: [any CredentialProvider]) { self.providers = providers }

    /// Asks as AWS's SDKs do: the environment, the AWS CLI's profile files, the container.
    ///
    /// - Parameters:
    ///   - environment: The process's environment variables.
    ///   - transport: What asks the container's credential service.
    ///   - readFile: Reads a small file, or tells `nil` where there is none.
    /// - Returns: The chain.
    public static func standard(
        environment: [String: String],
        transport: any HTTPTransport,
        readFile: @escaping ReadFile = SmallFile.read
    ) -> CredentialChain {
        CredentialChain([
            EnvironmentCredentials(environment),
            ProfileCredentials(environment: environment, readFile: readFile),
            ContainerCredentials(
                environment: environment,
                transport: transport,
                readFile: readFile
            ),
        ])
    }

    /// Asks one profile of the AWS CLI and no other place, as AWS's SDKs do where a program names a profile itself.
    ///
    /// - Parameters:
    ///   - name: The profile.
    ///   - environment: The process's environment variables, which say where its files are.
    ///   - readFile: Reads a small file, or tells `nil` where there is none.
    /// - Returns: The chain.
    public static func profile(
        _ name: String,
        environment: [String: String],
        readFile: @escaping ReadFile = SmallFile.read
    ) -> CredentialChain {
        let environment = environment.merging(["AWS_PROFILE": name]) { $1 }
        return CredentialChain([
            ProfileCredentials(environment: environment, readFile: readFile)
        ])
    }

    /// What the first place has that has some.
    public func resolve() async throws -> ResolvedCredentials? {
        for provider in providers {
            if let found = try await provider.resolve() { return found }
        }
        return nil
    }

    /// What the first place has, as far as no place must be waited for that is asked before it.
    public func resolveNow() throws(S3ClientError) -> ResolvedCredentials? {
        for provider in providers {
            if let found = try provider.resolveNow() { return found }
        }
        return nil
    }
}
