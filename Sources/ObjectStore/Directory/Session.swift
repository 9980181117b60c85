public import S3Protocol

/// A temporary access key, and what it stands for.
public struct Session: Sendable, Hashable, CustomStringConvertible {
    /// The public half of the key.
    public let accessKey: String
    /// The secret half.
    public let secret: String
    /// What must come with the key.
    public let token: String
    /// The account whose it is.
    public let account: Account
    /// The user or role that it stands for; `nil` for the root of the account.
    public let identity: Int64?
    /// The name of a role's session; `nil` for one of a user or the root.
    public let name: String?
    /// The documents that it was narrowed to, each by a name; none for a whole one.
    public let policies: [Field]
    /// The tags that it was given.
    public let tags: [Field]
    /// When it began.
    public let began: Timestamp
    /// When it ends.
    public let expires: Timestamp

    /// The public half alone, so that no log ever shows the rest.
    public var description: String { "session \(accessKey)" }

    /// How long after its end a session is still told from a key that never was, in seconds.
    static let remembrance: Int64 = 86_400

    /// How many sessions an account may have at a time.
    ///
    /// All of them are in memory, at a kilobyte or two each and more where policies narrow them, so that finding whose
    /// a key is costs no look-up. Whoever may begin sessions could begin them until there is no memory for anybody.
    /// This many take some 20 MB, and let an account begin eleven of the shortest in every second.
    public static let limit = 10_000
}

/// What ``Directory/begin(_:)`` is to make.
public struct NewSession: Sendable {
    /// The account whose it is.
    public var account: Account
    /// The user or role that it stands for; `nil` for the root of the account.
    public var identity: Int64?
    /// The name of a role's session.
    public var name: String?
    /// The documents that it is narrowed to, each by a name.
    public var policies: [Field]
    /// The tags that it is given.
    public var tags: [Field]
    /// How long it lasts, in seconds.
    public var seconds: Int64

    /// Describes a session.
    public init(
        account: Account,
        identity: Int64?,
        name: String? = nil,
        policies: [Field] = [],
        tags: [Field] = [],
        seconds: Int64
    ) {
        self.account = account
        self.identity = identity
        self.name = name
        self.policies = policies
        self.tags = tags
        self.seconds = seconds
    }
}
