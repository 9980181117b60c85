import ObjectStore
import Policy

/// An access key, as the command line shows one: never with its secret.
public struct KeyDetails: Sendable, Hashable {
    /// The access key ID.
    public let accessKey: String
    /// The name of the user whose it is; `(root)` of the account's root.
    public let user: String
    /// The name of the user's account.
    public let account: String
    /// Whether it may be used.
    public let isActive: Bool
}

extension KeyDetails {
    init(_ key: AccessKey) {
        accessKey = key.id
        user = key.user?.name ?? UserName.root
        account = key.account.displayName
        isActive = key.isActive
    }

    private var status: String { isActive ? "Active" : "Inactive" }

    /// The key as one line of JSON, in the words of AWS's own command line.
    public var jsonText: String { json.text }

    /// The key as a row: columns that `cut` and `awk` can take apart.
    public var row: String { [accessKey, user, account, status].joined(separator: "\t") }

    var json: JSON {
        .object([
            "AccessKeyId": .string(accessKey),
            "UserName": .string(user),
            "Account": .string(account),
            "Status": .string(status),
        ])
    }

    init?(_ json: JSON) {
        guard let accessKey = json["AccessKeyId"]?.string, let user = json["UserName"]?.string,
            let account = json["Account"]?.string, let status = json["Status"]?.string
        else { return nil }
        self.accessKey = accessKey
        self.user = user
        self.account = account
        isActive = status == "Active"
    }
}
