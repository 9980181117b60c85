public import S3Protocol

/// An account: it owns buckets and objects, and its users share them.
public struct Account: Sendable, Hashable {
    /// The index's own number for an account.
    public typealias ID = Int64

    /// The index's own number for it.
    public let id: ID
    /// Twelve digits, as in an ARN.
    public let number: String
    /// 64 hex digits, as in an access control list.
    public let canonicalID: String
    /// The name it is called by.
    public let displayName: String
    /// Its e-mail address.
    public let email: String
    /// Whether it is the account that the store began with.
    public let isRoot: Bool

    /// The account that S3 has for whoever does not sign: what they write in a bucket of theirs is its.
    ///
    /// [Object Ownership](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#unauthenticated-user-access)
    public static let anonymous = Account(
        id: 0,
        number: "",
        canonicalID: "65a011a29cdf8ec533ec3d1ccaae921c",
        displayName: "anonymous",
        email: "",
        isRoot: false
    )
}

/// An access key, and whose it is.
public struct AccessKey: Sendable, Hashable, CustomStringConvertible {
    /// The public half.
    public let id: String
    /// The secret half.
    public let secret: String
    /// Whose requests it signs.
    public let holder: Holder
    /// Whether it may be used.
    public let isActive: Bool
    /// When it was made.
    public let created: Timestamp

    /// Whose requests a key signs.
    public enum Holder: Sendable, Hashable {
        /// A user's.
        case user(Identity)
        /// Those of the root of an account.
        case root(Account)
    }

    /// The user whose it is; `nil` where it is a root's.
    public var user: Identity? {
        if case .user(let user) = holder { user } else { nil }
    }

    /// The account whose user or root has it.
    public var account: Account {
        switch holder {
        case .user(let user): user.account
        case .root(let account): account
        }
    }

    /// The public half alone, so that no log ever shows the other.
    public var description: String { "access key \(id)" }
}

/// When and for what an access key was last used.
public struct KeyUse: Sendable, Hashable {
    /// When that was.
    public let time: Timestamp
    /// What it was used for, such as `s3`.
    public let service: String
    /// The region of what it was used for.
    public let region: String

    /// Describes a use.
    public init(time: Timestamp, service: String, region: String) {
        self.time = time
        self.service = service
        self.region = region
    }
}

/// What ``Directory/createUser(_:)`` is to make.
public struct NewUser: Sendable {
    /// The name, of 1 to 64 of the characters `A-Za-z0-9+=,.@_-`.
    public var name: String
    /// The name of the account, made where it is missing; `nil` for the root account.
    public var account: String?
    /// What the user may do.
    public var policies: [PolicyAttachment]
    /// The public half of the access key; `nil` for one that is made up.
    public var accessKey: String?
    /// The secret half; `nil` for one that is made up.
    public var secretKey: String?

    /// Describes a user.
    public init(
        name: String,
        account: String? = nil,
        policies: [PolicyAttachment] = [],
        accessKey: String? = nil,
        secretKey: String? = nil
    ) {
        self.name = name
        self.account = account
        self.policies = policies
        self.accessKey = accessKey
        self.secretKey = secretKey
    }
}
