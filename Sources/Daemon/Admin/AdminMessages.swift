import ObjectStore
import Policy

/// What can be asked of a daemon over its socket: one line of JSON, answered by one line, with lines
/// before it where the answer takes time.
enum AdminRequest: Sendable {
    case status
    case createUser(NewUser)
    case listUsers
    case deleteUser(name: String, account: String?)
    case explain(requestID: String)
    case listPolicies(UserName)
    /// Attaches a policy by its name or ARN.
    case attachPolicy(UserName, String)
    case putPolicy(UserName, name: String, document: String)
    /// Takes a policy away by its name or ARN.
    case removePolicy(UserName, String)
    case createKey(UserName, accessKey: String?, secretKey: String?)
    /// Lists the keys of a user, or of all.
    case listKeys(UserName?)
    case setKey(String, isActive: Bool)
    case deleteKey(String)
    case check(CheckOptions)
    case backUp(folder: String, copying: Bool)
}

/// How a user is named on the command line.
struct UserName: Sendable, Hashable {
    /// How the root of an account is called among its users, none of whom can have such a name.
    static let root = "(root)"

    let name: String
    /// The name of the account; `nil` for the root account.
    let account: String?
}

/// What a daemon answers.
enum AdminReply: Sendable, Hashable {
    case status(DaemonStatus)
    case users([UserDetails])
    case explanation([String])
    case policies([PolicyAttachment])
    case keys([KeyDetails])
    case refused(String)
    /// How far it is; the answer follows.
    case progress(WorkProgress)
    /// Something that a check found; the answer follows.
    case finding(Finding)
    /// A report whose findings have been told.
    case check(CheckReport)
    case backup(BackupReport)

    /// Whether another follows.
    var isProvisional: Bool {
        switch self {
        case .progress, .finding: true
        case .status, .users, .explanation, .policies, .keys, .refused, .check, .backup: false
        }
    }
}

/// What both ends agree on.
enum AdminProtocol {
    /// The longest line, in bytes: the longest policy, every byte of it escaped, and room to spare.
    static let maximumLine = 8 * PolicyDocument.maximumSize
}

extension AdminReply {
    /// The reply as a line, without its end.
    var line: String {
        switch self {
        case .status(let status): JSON.object(["status": status.json]).text
        case .users(let users): JSON.object(["users": .array(users.map(\.json))]).text
        case .explanation(let lines):
            JSON.object(["explanation": .array(lines.map(JSON.string))]).text
        case .policies(let policies):
            JSON.object(["attachments": .array(policies.map(\.json))]).text
        case .keys(let keys): JSON.object(["keys": .array(keys.map(\.json))]).text
        case .refused(let why): JSON.object(["refused": .string(why)]).text
        case .progress(let progress): JSON.object(["progress": progress.json]).text
        case .finding(let finding): JSON.object(["finding": finding.json]).text
        case .check(let report): JSON.object(["check": report.summary]).text
        case .backup(let report): JSON.object(["backup": report.json]).text
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
        } else if let policies = json["attachments"]?.array {
            self = .policies(policies.compactMap(PolicyAttachment.init))
        } else if let keys = json["keys"]?.array {
            self = .keys(keys.compactMap(KeyDetails.init))
        } else if let care = Self.care(json) {
            self = care
        } else {
            return nil
        }
    }
}

extension AdminReply {
    /// What is told by whoever looks after a folder.
    private static func care(_ json: JSON) -> AdminReply? {
        if let progress = json["progress"].flatMap({ WorkProgress($0) }) {
            .progress(progress)
        } else if let finding = json["finding"].flatMap({ Finding($0) }) {
            .finding(finding)
        } else if let report = json["check"].flatMap({ CheckReport(summary: $0, findings: []) }) {
            .check(report)
        } else {
            json["backup"].flatMap { BackupReport($0) }.map { .backup($0) }
        }
    }
}

extension PolicyAttachment {
    /// The policy as JSON.
    var json: JSON {
        switch self {
        case .attached(let arn): .object(["arn": .string(arn)])
        case .inline(let name, let document):
            .object(["name": .string(name), "document": .string(document)])
        }
    }

    init?(_ json: JSON) {
        if let arn = json["arn"]?.string {
            self = .attached(arn: arn)
        } else if let name = json["name"]?.string, let document = json["document"]?.string {
            self = .inline(name: name, document: document)
        } else {
            return nil
        }
    }
}
