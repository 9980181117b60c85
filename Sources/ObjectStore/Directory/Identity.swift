public import S3Protocol

/// A user, a group or a role of an account: what policies are attached to.
public struct Identity: Sendable, Hashable {
    /// What an identity is; names are unique in an account and a kind.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Somebody with access keys.
        case user
        /// Users that share policies.
        case group
        /// Somebody that others become for a while.
        case role

        /// How many of them an account may have, as on AWS.
        public var quota: Int {
            switch self {
            case .user: 5000
            case .group: 300
            case .role: 1000
            }
        }

        var plural: String {
            switch self {
            case .user: "Users"
            case .group: "Groups"
            case .role: "Roles"
            }
        }

        /// What identifiers of the kind begin with.
        var prefix: String {
            switch self {
            case .user: "AIDA"
            case .group: "AGPA"
            case .role: "AROA"
            }
        }
    }

    /// The index's own number for it, of no other identity of any kind.
    public let id: Int64
    /// What it is.
    public let kind: Kind
    /// The account it belongs to.
    public let account: Account
    /// The name.
    public let name: String
    /// What stands before the name in its ARN: `/`, or `/engineering/`.
    public let path: String
    /// When it was made.
    public let created: Timestamp
    /// Its own policies; those of a user's groups are the groups'.
    public let policies: [PolicyAttachment]
    /// The groups that a user is in.
    public let groups: [Int64]
    /// What only a role has.
    public let role: Role?
    /// Its tags.
    public let tags: [Field]

    /// What only a role has.
    public struct Role: Sendable, Hashable {
        /// The policy that says who may become it.
        public var trust: String
        /// What it is for.
        public var description: String?
        /// The longest session, in seconds.
        public var longestSession: Int64

        /// Describes a role.
        public init(trust: String, description: String? = nil, longestSession: Int64 = 3600) {
            self.trust = trust
            self.description = description
            self.longestSession = longestSession
        }
    }

    /// The most groups that a user may be in.
    public static let maximumGroups = 10

    /// What it is known by for ever, as `aws:userid` tells a user's.
    public var uniqueID: String { kind.prefix + Self.digits(id) }

    /// The name that policies know it by.
    public var arn: String { "arn:aws:iam::\(account.number):\(kind.rawValue)\(path)\(name)" }

    /// A number in the sixteen characters that identifiers of AWS end with.
    static func digits(_ id: Int64) -> String {
        let digits = String(id, radix: 32, uppercase: true)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}

/// What of a role is to change; `nil` is to stay.
public struct RoleChange: Sendable, Hashable {
    /// The policy that says who may become it.
    public var trust: String?
    /// What it is for; empty for nothing.
    public var description: String?
    /// The longest session, in seconds.
    public var longestSession: Int64?

    /// Describes a change.
    public init(
        trust: String? = nil,
        description: String? = nil,
        longestSession: Int64? = nil
    ) {
        self.trust = trust
        self.description = description
        self.longestSession = longestSession
    }
}

/// A policy of an identity.
public enum PolicyAttachment: Sendable, Hashable {
    /// One that is kept once for many, by its ARN.
    case attached(arn: String)
    /// One written for the identity: a name and a JSON document.
    case inline(name: String, document: String)

    /// One of AWS's own, by its name, such as `AmazonS3FullAccess`.
    public static func managed(_ name: String) -> PolicyAttachment {
        .attached(arn: "\(CustomerPolicy.amazon)\(name)")
    }

    /// The policy's name.
    public var name: String {
        switch self {
        case .attached(let arn): arn.split(separator: "/").last.map(String.init) ?? arn
        case .inline(let name, _): name
        }
    }
}

/// The text of a policy that holds for an identity.
public enum PolicyText: Sendable, Hashable {
    /// One of AWS's own, by its ARN.
    case amazon(arn: String)
    /// A JSON document.
    case document(String)
}

/// A policy of an account, kept once and attached to many.
public struct CustomerPolicy: Sendable, Hashable {
    /// What the ARNs of AWS's own policies begin with.
    public static let amazon = "arn:aws:iam::aws:policy/"
    /// The most versions that a policy may have.
    public static let maximumVersions = 5
    /// The most policies that an account may have, as on AWS.
    public static let quota = 1500
    /// The most versions that the policies of an account may have together, as on AWS.
    public static let versionsQuota = 10_000

    /// The index's own number for it.
    public let id: Int64
    /// The account it belongs to.
    public let account: Account
    /// The name, unique in the account.
    public let name: String
    /// What stands before the name in its ARN.
    public let path: String
    /// What it is for.
    public let description: String?
    /// When it was made.
    public let created: Timestamp
    /// When a version of it was last made or put in force.
    public let updated: Timestamp
    /// The number of the version that holds.
    public let inForce: Int64
    /// Its versions, the oldest first.
    public let versions: [Version]
    /// Its tags.
    public let tags: [Field]

    /// A version of a policy.
    public struct Version: Sendable, Hashable {
        /// Its number: `v1` is 1.
        public let number: Int64
        /// The JSON document.
        public let document: String
        /// When it was made.
        public let created: Timestamp

        /// Names a version's parts.
        public init(number: Int64, document: String, created: Timestamp) {
            self.number = number
            self.document = document
            self.created = created
        }
    }

    /// The name that it is attached by.
    public var arn: String { "arn:aws:iam::\(account.number):policy\(path)\(name)" }
    /// What it is known by for ever.
    public var uniqueID: String { "ANPA" + Identity.digits(id) }
    /// The document that holds.
    public var document: String? { versions.first { $0.number == inForce }?.document }
}
