/// Who asks, as policies name them.
public enum Requester: Sendable, Hashable {
    /// Nobody that is known: the request carries no signature.
    case anonymous
    /// An account's own key.
    case root(AccountName)
    /// A user of an account; the path is that of the user's ARN.
    case user(AccountName, path: String = "/", name: String)
    /// A session of a role.
    case session(AccountName, path: String = "/", role: String, name: String)
    /// A service of AWS, such as `logging.s3.amazonaws.com`: Pail itself, where it does what that does.
    case service(String)

    /// The two names of an account.
    public struct AccountName: Sendable, Hashable {
        /// Twelve digits, as in an ARN.
        public let number: String
        /// 64 hex digits, as in an access control list.
        public let canonicalID: String

        /// Names an account.
        public init(number: String, canonicalID: String) {
            self.number = number
            self.canonicalID = canonicalID
        }
    }

    /// The account; `nil` for anonymous.
    public var account: AccountName? {
        switch self {
        case .anonymous, .service: nil
        case .root(let account), .user(let account, _, _), .session(let account, _, _, _): account
        }
    }

    /// The ARN; `nil` for anonymous.
    public var arn: String? {
        switch self {
        case .anonymous, .service: nil
        case .root(let account): "arn:aws:iam::\(account.number):root"
        case .user(let account, let path, let name):
            "arn:aws:iam::\(account.number):user\(path)\(name)"
        case .session(let account, _, let role, let name):
            "arn:aws:sts::\(account.number):assumed-role/\(role)/\(name)"
        }
    }

    /// The ARN that `aws:PrincipalArn` tells: of a session, its role's.
    public var principalARN: String? {
        guard case .session(let account, let path, let role, _) = self else { return arn }
        return "arn:aws:iam::\(account.number):role\(path)\(role)"
    }

    /// The most that a principal can say of who asks.
    var strongestMatch: Principal.Match {
        if case .session = self { .session } else { .caller }
    }
}
