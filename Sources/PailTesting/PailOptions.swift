/// How a ``PailServer`` is set up.
public struct PailOptions: Sendable {
    /// Where it keeps what it is given.
    public enum Storage: Sendable, Hashable {
        /// In memory, which can be reset and gone back to.
        case memory
        /// In a folder of its own, removed when it is shut down: what is on disk is what `pail serve` has there.
        case temporaryFolder
    }

    /// Where it keeps what it is given; tenants are in memory always.
    public var storage: Storage
    /// Its region.
    public var region: String
    /// The buckets that it begins with.
    public var buckets: [String]
    /// A folder that its buckets are filled from; see docs/tenants.md.
    public var seed: String?
    /// Whether it refuses what AWS refuses, where Pail would be lenient.
    public var isStrict: Bool
    /// Is told each line of its log.
    public var log: @Sendable (String) -> Void

    /// Describes a server: in memory, empty and silent unless it is said.
    public init(
        storage: Storage = .memory,
        region: String = "us-east-1",
        buckets: [String] = [],
        seed: String? = nil,
        isStrict: Bool = false,
        log: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.storage = storage
        self.region = region
        self.buckets = buckets
        self.seed = seed
        self.isStrict = isStrict
        self.log = log
    }
}
