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

/// A user of an account.
public struct User: Sendable, Hashable {
    /// The index's own number for the user.
    public let id: Int64
    /// The account the user belongs to.
    public let account: Account
    /// The name, unique in the account.
    public let name: String
    /// What the user may do; nothing where there is none.
    public let policies: [PolicyAttachment]

    /// What the user is known by for ever, as `aws:userid` tells it.
    public var uniqueID: String {
        let digits = String(id, radix: 32, uppercase: true)
        return "AIDA" + String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}

/// A policy of a user.
public enum PolicyAttachment: Sendable, Hashable {
    /// One of AWS's own, by its name, such as `AmazonS3FullAccess`.
    case managed(String)
    /// One written for the user: a name and a JSON document.
    case inline(name: String, document: String)

    /// The policy's name.
    public var name: String {
        switch self {
        case .managed(let name), .inline(let name, _): name
        }
    }
}

/// An access key, and whose it is.
public struct AccessKey: Sendable, Hashable, CustomStringConvertible {
    /// The public half.
    public let id: String
    /// The secret half.
    public let secret: String
    /// The token that must come with it, where there is one.
    public let sessionToken: String?
    /// Whose requests it signs.
    public let user: User
    /// Whether it may be used.
    public let isActive: Bool

    /// The public half alone, so that no log ever shows the other.
    public var description: String { "access key \(id)" }
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

/// Why the directory cannot be changed so.
public enum DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The account has a user of this name.
    case userExists(String)
    /// The account has no user of this name.
    case noSuchUser(String)
    /// Another user has this access key.
    case accessKeyTaken(String)
    /// A name of a user or an account breaks the rules.
    case invalidName(String)

    /// A sentence for the command line.
    public var description: String {
        switch self {
        case .userExists(let name): "there is a user named \(name) already"
        case .noSuchUser(let name): "there is no user named \(name)"
        case .accessKeyTaken(let id): "the access key \(id) belongs to another user"
        case .invalidName(let name):
            "\"\(name)\" is no name: 1 to 64 of the characters A-Z a-z 0-9 + = , . @ _ - are"
        }
    }
}
