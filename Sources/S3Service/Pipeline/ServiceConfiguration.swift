/// How the service is set up.
public struct ServiceConfiguration: Sendable {
    /// The region that the daemon says it is.
    public var region: String
    /// Names under which `BUCKET.name` is a bucket, beside `s3.localhost` and `localhost`.
    public var domains: [String]
    /// Hosts that are one and the same for signatures.
    public var aliases: [String]
    /// Whether to refuse what AWS refuses and clients get away with elsewhere.
    public var isStrict: Bool
    /// Whether signatures of version 2 are refused.
    public var sigV4Only: Bool
    /// What new buckets are given.
    public var bucketDefaults: BucketDefaults
    /// The names of the webhooks that notifications may go to.
    public var webhooks: Set<String>
    /// What anybody may read beside `/_pail/health`, by its path, where the host names no bucket.
    public var openPaths: [String: OpenPath]
    /// What the root key may read below `/_pail/`, by the path after it.
    public var rootPaths: [String: OpenPath]

    /// Makes a configuration; its defaults are the daemon's.
    public init(
        region: String = "us-east-1",
        domains: [String] = [],
        aliases: [String] = [],
        isStrict: Bool = false,
        sigV4Only: Bool = false,
        bucketDefaults: BucketDefaults = .aws,
        webhooks: Set<String> = [],
        openPaths: [String: OpenPath] = [:],
        rootPaths: [String: OpenPath] = [:]
    ) {
        self.region = region
        self.domains = domains
        self.aliases = aliases
        self.isStrict = isStrict
        self.sigV4Only = sigV4Only
        self.bucketDefaults = bucketDefaults
        self.webhooks = webhooks
        self.openPaths = openPaths
        self.rootPaths = rootPaths
    }
}
