public import S3Protocol

/// Which requests something goes wrong with, and what.
///
/// A request must meet everything that is said; what is not said is met by every request. Names may have `*`
/// for any run of characters and `?` for any one.
public struct FaultRule: Sendable, Hashable {
    /// Whose requests are meant.
    public struct Client: Sendable, Hashable {
        /// The other end's IP address.
        public var address: String?
        /// The access key that the request names; it need not be a valid one.
        public var accessKey: String?
        /// The `User-Agent`.
        public var userAgent: String?

        /// Means every client, unless something is said.
        public init(address: String? = nil, accessKey: String? = nil, userAgent: String? = nil) {
            self.address = address
            self.accessKey = accessKey
            self.userAgent = userAgent
        }
    }

    /// Which of the requests that a rule means it goes wrong with.
    public struct Turn: Sendable, Hashable {
        /// Only the request of this number, counted from 1.
        public var nth: Int?
        /// Only each request whose number this divides.
        public var every: Int?
        /// With this probability, from 0 to 1.
        public var probability: Double?
        /// With so many requests, and then with none.
        public var times: Int?

        /// Means every request, unless something is said.
        public init(
            nth: Int? = nil,
            every: Int? = nil,
            probability: Double? = nil,
            times: Int? = nil
        ) {
            self.nth = nth
            self.every = every
            self.probability = probability
            self.times = times
        }
    }

    /// The operation, such as `PutObject`.
    public var operation: String?
    /// The bucket.
    public var bucket: String?
    /// The key.
    public var key: String?
    /// Who asks.
    public var client: Client
    /// Which of the requests.
    public var turn: Turn
    /// From this moment of the ``TestClock`` on.
    public var from: Timestamp?
    /// Before this moment of it.
    public var until: Timestamp?
    /// What chance is drawn from; `nil` for the plan's own.
    public var seed: UInt64?
    /// What goes wrong.
    public var effect: FaultEffect

    /// Describes a rule.
    public init(
        _ effect: FaultEffect,
        operation: String? = nil,
        bucket: String? = nil,
        key: String? = nil,
        client: Client = Client(),
        turn: Turn = Turn(),
        from: Timestamp? = nil,
        until: Timestamp? = nil,
        seed: UInt64? = nil
    ) {
        self.effect = effect
        self.operation = operation
        self.bucket = bucket
        self.key = key
        self.client = client
        self.turn = turn
        self.from = from
        self.until = until
        self.seed = seed
    }
}
