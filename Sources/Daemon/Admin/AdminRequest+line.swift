import ObjectStore
import Policy

extension AdminRequest {
    /// The request as a line, without its end.
    var line: String { json.text }

    private var json: JSON {
        switch self {
        case .status: Self.command("status")
        case .listUsers: Self.command("listUsers")
        case .deleteUser(let name, let account):
            Self.command("deleteUser", UserName(name: name, account: account))
        case .createUser(let user):
            Self.command(
                "createUser",
                UserName(name: user.name, account: user.account),
                [
                    "policies": .array(user.policies.map(\.json)),
                    "accessKey": user.accessKey.map(JSON.string),
                    "secretKey": user.secretKey.map(JSON.string),
                ]
            )
        case .explain(let id): Self.command("explain", nil, ["request": .string(id)])
        case .listPolicies(let user): Self.command("listPolicies", user)
        case .attachPolicy(let user, let policy):
            Self.command("attachPolicy", user, ["policy": .string(policy)])
        case .putPolicy(let user, let name, let document):
            Self.command(
                "putPolicy",
                user,
                ["policy": .string(name), "document": .string(document)]
            )
        case .removePolicy(let user, let policy):
            Self.command("removePolicy", user, ["policy": .string(policy)])
        case .createKey(let user, let accessKey, let secretKey):
            Self.command(
                "createKey",
                user,
                [
                    "accessKey": accessKey.map(JSON.string),
                    "secretKey": secretKey.map(JSON.string),
                ]
            )
        case .listKeys(let user): Self.command("listKeys", user)
        case .setKey(let key, let isActive):
            Self.command(isActive ? "enableKey" : "disableKey", nil, ["key": .string(key)])
        case .deleteKey(let key): Self.command("deleteKey", nil, ["key": .string(key)])
        case .check(let options):
            Self.command("check", nil, ["repair": .bool(options.repairs)])
        case .backUp(let folder, let copying):
            Self.command("backUp", nil, ["folder": .string(folder), "copy": .bool(copying)])
        }
    }

    private static func command(
        _ name: String,
        _ user: UserName? = nil,
        _ more: KeyValuePairs<String, JSON?> = [:]
    ) -> JSON {
        let head: [(String, JSON?)] = [
            ("command", .string(name)), ("name", user.map { .string($0.name) }),
            ("account", user?.account.map(JSON.string)),
        ]
        return .object(
            (head + more.map { ($0.key, $0.value) }).compactMap { name, value in
                value.map { JSON.Member(name, $0) }
            }
        )
    }

    /// Reads a line; `nil` for one that asks nothing known.
    init?(line: String) {
        guard let json = try? JSON(parsing: line, limit: AdminProtocol.maximumLine),
            let command = json["command"]?.string
        else { return nil }
        let name = json["name"]?.string
        let user = name.map { UserName(name: $0, account: json["account"]?.string) }
        guard
            let request = Self.withoutUser(command, json, user)
                ?? user.flatMap({ Self.ofUser(command, json, $0) })
        else { return nil }
        self = request
    }

    private static func withoutUser(
        _ command: String,
        _ json: JSON,
        _ user: UserName?
    ) -> AdminRequest? {
        if command == "backUp" {
            return json["folder"]?.string.map {
                .backUp(folder: $0, copying: json["copy"] == .bool(true))
            }
        }
        if command == "explain" { return json["request"]?.string.map { .explain(requestID: $0) } }
        return switch (command, json["key"]?.string, user) {
        case ("status", nil, nil): .status
        case ("listUsers", nil, nil): .listUsers
        case ("check", nil, nil): .check(CheckOptions(repairs: json["repair"] == .bool(true)))
        case ("listKeys", nil, _): .listKeys(user)
        case ("enableKey", let key?, nil): .setKey(key, isActive: true)
        case ("disableKey", let key?, nil): .setKey(key, isActive: false)
        case ("deleteKey", let key?, nil): .deleteKey(key)
        default: nil
        }
    }

    private static func ofUser(
        _ command: String,
        _ json: JSON,
        _ user: UserName
    ) -> AdminRequest? {
        let (accessKey, secretKey) = (json["accessKey"]?.string, json["secretKey"]?.string)
        switch (command, json["policy"]?.string) {
        case ("deleteUser", nil): return .deleteUser(name: user.name, account: user.account)
        case ("createUser", nil):
            guard let policies = json["policies"]?.array else { return nil }
            let attachments = policies.compactMap(PolicyAttachment.init)
            guard attachments.count == policies.count else { return nil }
            return .createUser(
                NewUser(
                    name: user.name,
                    account: user.account,
                    policies: attachments,
                    accessKey: accessKey,
                    secretKey: secretKey
                )
            )
        case ("listPolicies", nil): return .listPolicies(user)
        case ("attachPolicy", let policy?): return .attachPolicy(user, policy)
        case ("removePolicy", let policy?): return .removePolicy(user, policy)
        case ("putPolicy", let policy?):
            return json["document"]?.string.map {
                .putPolicy(user, name: policy, document: $0)
            }
        case ("createKey", nil):
            return .createKey(user, accessKey: accessKey, secretKey: secretKey)
        default: return nil
        }
    }
}
