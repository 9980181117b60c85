import ObjectStore
import Policy

/// A user, as the command line shows one.
public struct UserDetails: Sendable, Hashable {
    /// The name; `(root)` of the account's root.
    public let name: String
    /// The name of the user's account.
    public let account: String
    /// The account's 12-digit number.
    public let accountNumber: String
    /// The account's canonical ID: 64 hex digits.
    public let canonicalID: String
    /// The names of the policies.
    public let policies: [String]
    /// The access key ID; `nil` for a user that has none.
    public let accessKey: String?
    /// The secret: told once, when the key is made.
    public let secret: String?
}

extension UserDetails {
    init(_ key: AccessKey, tellingSecret: Bool) {
        name = key.user?.name ?? UserName.root
        account = key.account.displayName
        accountNumber = key.account.number
        canonicalID = key.account.canonicalID
        policies = key.user?.policies.map(\.name) ?? []
        accessKey = key.id
        secret = tellingSecret ? key.secret : nil
    }

    /// A user without a key.
    init(_ user: Identity) {
        name = user.name
        account = user.account.displayName
        accountNumber = user.account.number
        canonicalID = user.account.canonicalID
        policies = user.policies.map(\.name)
        accessKey = nil
        secret = nil
    }

    /// The user as JSON, in the words of AWS's own command line.
    var json: JSON {
        .object([
            "UserName": .string(name),
            "Account": .string(account),
            "AccountId": .string(accountNumber),
            "CanonicalId": .string(canonicalID),
            "Policies": .array(policies.map(JSON.string)),
            "AccessKeyId": accessKey.map(JSON.string),
            "SecretAccessKey": secret.map(JSON.string),
        ])
    }

    init?(_ json: JSON) {
        guard let name = json["UserName"]?.string, let account = json["Account"]?.string,
            let number = json["AccountId"]?.string, let id = json["CanonicalId"]?.string,
            let policies = json["Policies"]?.array
        else { return nil }
        self.name = name
        self.account = account
        accountNumber = number
        canonicalID = id
        self.policies = policies.compactMap(\.string)
        accessKey = json["AccessKeyId"]?.string
        secret = json["SecretAccessKey"]?.string
    }
}
