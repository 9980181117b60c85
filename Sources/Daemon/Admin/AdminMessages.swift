import ObjectStore
import Policy

/// What can be asked of a daemon over its socket: one line of JSON, answered by one line.
enum AdminRequest: Sendable {
    case status
    case createUser(NewUser)
    case listUsers
    case deleteUser(name: String, account: String?)
    case explain(requestID: String)
}

/// What a daemon answers.
enum AdminReply: Sendable, Hashable {
    case status(DaemonStatus)
    case users([UserDetails])
    case explanation([String])
    case refused(String)
}

/// What both ends agree on.
enum AdminProtocol {
    /// The longest line, in bytes: the longest policy, every byte of it escaped, and room to spare.
    static let maximumLine = 8 * PolicyDocument.maximumSize
}

extension AdminRequest {
    /// The request as a line, without its end.
    var line: String {
        switch self {
        case .status: JSON.object(["command": .string("status")]).text
        case .listUsers: JSON.object(["command": .string("listUsers")]).text
        case .explain(let requestID):
            JSON.object(["command": .string("explain"), "name": .string(requestID)]).text
        case .deleteUser(let name, let account):
            JSON.object([
                "command": .string("deleteUser"),
                "name": .string(name),
                "account": account.map(JSON.string),
            ]).text
        case .createUser(let user):
            JSON.object([
                "command": .string("createUser"),
                "name": .string(user.name),
                "account": user.account.map(JSON.string),
                "policies": .array(user.policies.map(\.json)),
                "accessKey": user.accessKey.map(JSON.string),
                "secretKey": user.secretKey.map(JSON.string),
            ]).text
        }
    }

    /// Reads a line; `nil` for one that asks nothing known.
    init?(line: String) {
        guard let json = try? JSON(parsing: line, limit: AdminProtocol.maximumLine) else {
            return nil
        }
        switch (json["command"]?.string, json["name"]?.string) {
        case ("status", nil): self = .status
        case ("listUsers", nil): self = .listUsers
        case ("explain", let requestID?): self = .explain(requestID: requestID)
        case ("deleteUser", let name?):
            self = .deleteUser(name: name, account: json["account"]?.string)
        case ("createUser", let name?):
            guard let policies = json["policies"]?.array else { return nil }
            let attachments = policies.compactMap(PolicyAttachment.init)
            guard attachments.count == policies.count else { return nil }
            self = .createUser(
                NewUser(
                    name: name,
                    account: json["account"]?.string,
                    policies: attachments,
                    accessKey: json["accessKey"]?.string,
                    secretKey: json["secretKey"]?.string
                )
            )
        default: return nil
        }
    }
}

extension AdminReply {
    /// The reply as a line, without its end.
    var line: String {
        switch self {
        case .status(let status): JSON.object(["status": status.json]).text
        case .users(let users): JSON.object(["users": .array(users.map(\.json))]).text
        case .explanation(let lines):
            JSON.object(["explanation": .array(lines.map(JSON.string))]).text
        case .refused(let why): JSON.object(["refused": .string(why)]).text
        }
    }

    /// Reads a line; `nil` for one that is no reply.
    init?(line: String) {
        guard let json = try? JSON(parsing: line, limit: .max) else { return nil }
        if let why = json["refused"]?.string {
            self = .refused(why)
        } else if let status = json["status"].flatMap(DaemonStatus.init) {
            self = .status(status)
        } else if let users = json["users"]?.array {
            self = .users(users.compactMap(UserDetails.init))
        } else if let lines = json["explanation"]?.array {
            self = .explanation(lines.compactMap(\.string))
        } else {
            return nil
        }
    }
}

extension PolicyAttachment {
    fileprivate var json: JSON {
        switch self {
        case .managed(let name): .object(["name": .string(name)])
        case .inline(let name, let document):
            .object(["name": .string(name), "document": .string(document)])
        }
    }

    fileprivate init?(_ json: JSON) {
        guard let name = json["name"]?.string else { return nil }
        self = json["document"]?.string.map { .inline(name: name, document: $0) } ?? .managed(name)
    }
}
