/// Who asks, as policies name them.
public enum Requester: Sendable, Hashable {
    /// Nobody that is known: the request carries no signature.
    case anonymous
    /// An account's own key.
    case root(AccountName)
    /// A user of an account.
    case user(AccountName, name: String)
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
        case .root(let account), .user(let account, _): account
        }
    }

    /// The ARN; `nil` for anonymous.
    public var arn: String? {
        switch self {
        case .anonymous, .service: nil
        case .root(let account): "arn:aws:iam::\(account.number):root"
        case .user(let account, let name): "arn:aws:iam::\(account.number):user/\(name)"
        }
    }
}
