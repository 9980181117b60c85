public import HTTPServer
public import ObjectStore
public import S3Protocol
public import S3Service

/// How a daemon is set up; the defaults are those of `pail serve`.
public struct DaemonConfiguration: Sendable {
    /// Where a daemon keeps what it is given.
    public enum Storage: Sendable, Hashable {
        /// In a folder, made where it is missing.
        case folder(String)
        /// In memory, until the process ends.
        case memory
    }

    /// How a daemon speaks https.
    public struct TLS: Sendable, Hashable {
        /// The certificate and its key.
        public var files: TLSFiles
        /// The port, or 0 for any that is free.
        public var port: Int

        /// The port for https where none is named.
        public static let defaultPort = 9443

        /// Describes an https listener.
        public init(files: TLSFiles, port: Int = defaultPort) {
            self.files = files
            self.port = port
        }
    }

    /// The port for http where none is named.
    public static let defaultPort = 9000
    /// The data folder where none is named.
    public static let defaultFolder = "./pail-data"

    /// The address or name to listen on.
    public var host = "127.0.0.1"
    /// The port for http, 0 for any that is free, or `nil` for no http.
    public var port: Int? = defaultPort
    /// How https is spoken, if at all.
    public var tls: TLS?
    /// Where buckets are kept.
    public var storage = Storage.folder(defaultFolder)
    /// What an acknowledged write survives.
    public var durability = Durability.full
    /// The region that the daemon says it is.
    public var region = "us-east-1"
    /// Bases for virtual-host addressing, beside `s3.localhost` and `localhost`.
    public var domains: [String] = []
    /// Buckets that are made at start where they are missing.
    public var buckets: [String] = []
    /// A folder whose folders are put into the store as buckets, where those are missing or empty.
    public var seedFolder: String?
    /// Hosts that are one and the same for signatures.
    public var aliases: [String] = []
    /// The root account's 12-digit number.
    public var accountID = "000000000000"
    /// The root account's key pair, or `nil` for the data folder's own.
    public var credentials: RootCredentials?
    /// Whether a short secret will do where others can reach the daemon.
    public var allowsWeakKeys = false
    /// Whether to refuse what AWS refuses and clients get away with elsewhere.
    public var isStrict = false
    /// Whether signatures of version 2 are refused.
    public var sigV4Only = false
    /// How long a day is to the lifecycles of buckets.
    public var lifecycleDay = LifecycleDay.calendar
    /// How fast the bytes at rest are read and compared.
    public var scrubRate = ScrubRate.standard
    /// What new buckets are given: AWS's present defaults, or those it had before April 2023.
    public var bucketDefaults = BucketDefaults.aws
    /// How often access logs are delivered, in seconds.
    public var logDeliverySeconds: Int64 = 300
    /// The addresses that events may be sent to; none unless it is said.
    public var webhooks: [Webhook] = []
    /// What events are signed with on their way to webhooks.
    public var webhookSecret: WebhookSecret?
    /// The other server that the daemon stands in for, if it does.
    public var compatibility: Compatibility?
    /// A folder of shell scripts that are run once the daemon serves.
    public var initFolder: String?
    /// How many threads serve connections, or `nil` for one for each core.
    public var eventLoops: Int?
    /// Whether it runs on threads that all daemons of the process share for which this is said; ``eventLoops`` is not heeded then.
    public var sharesThreads = false
    /// The form of the log.
    public var logFormat = LogFormat.text

    /// Makes a configuration of defaults.
    public init() {}
}
