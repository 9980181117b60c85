/// What can be set on the command line, in the environment and in a file, under one name.
public enum Setting: String, CaseIterable, Sendable {
    /// The address to listen on.
    case host
    /// The port for http, 0 for any, or `none`.
    case port
    /// The data folder.
    case data
    /// The region that the daemon says it is.
    case region
    /// Bases for virtual-host addressing.
    case domain
    /// Buckets that are made at start.
    case bucket
    /// A folder to fill buckets from at start.
    case seed
    /// Hosts that are one and the same for signatures.
    case alias
    /// The root account's number.
    case accountID = "account-id"
    /// The file of the certificate chain.
    case tlsCert = "tls-cert"
    /// The file of the private key.
    case tlsKey = "tls-key"
    /// The port for https, or 0 for any.
    case tlsPort = "tls-port"
    /// What an acknowledged write survives.
    case durability
    /// Nothing on disk.
    case memory
    /// Refuse what AWS refuses.
    case strict
    /// Refuse signatures of version 2.
    case sigV4Only = "sigv4-only"
    /// How long a day is to the lifecycles of buckets, in seconds.
    case lifecycleDaySeconds = "lifecycle-day-seconds"
    /// How fast the bytes at rest are read and compared, or `off`.
    case scrubBytesPerSecond = "scrub-bytes-per-second"
    /// What new buckets are given.
    case bucketDefaults = "bucket-defaults"
    /// How often access logs are delivered, in seconds.
    case logDeliverySeconds = "log-delivery-seconds"
    /// Addresses that events may be sent to, each by a name.
    case webhook
    /// What events are signed with; never on a command line, which others can see.
    case webhookSecret = "webhook-secret"
    /// A file with that secret.
    case webhookSecretFile = "webhook-secret-file"
    /// How many threads serve connections.
    case eventLoops = "event-loops"
    /// The form of the log.
    case logFormat = "log-format"
    /// Permit short secrets where others can reach the daemon.
    case allowWeakKeys = "allow-weak-keys"
    /// The other server that the daemon stands in for.
    case compat
    /// A folder of scripts that are run once the daemon serves.
    case initFolder = "init"
    /// A file of settings.
    case config

    /// The flag, such as `--tls-port`.
    public var flag: String { "--\(rawValue)" }

    /// The variable, such as `PAIL_TLS_PORT`.
    public var variable: String {
        "PAIL_" + String(rawValue.map { $0 == "-" ? "_" : $0 }).uppercased()
    }
}
