/// Whom a statement of a bucket policy is about.
///
/// [Principal](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html)
public enum Principal: Sendable, Hashable {
    /// Everybody, those without a signature too.
    case everyone
    /// An account, by its twelve digits: whoever the account lets.
    case account(String)
    /// An account, by its canonical ID.
    case canonicalUser(String)
    /// One user, by account, path and name.
    case user(account: String, path: String = "/", name: String)
    /// A role: whoever has become it.
    case role(account: String, path: String = "/", name: String)
    /// One session of a role.
    case session(account: String, role: String, name: String)
    /// A federated user, which nobody here can be.
    case other(arn: String)
    /// A service of AWS, such as `cloudfront.amazonaws.com`.
    case service(String)
    /// An identity provider.
    case federated(String)

    /// How far a principal is who asks.
    enum Match: Int, Comparable {
        case none
        /// The account is named: what its users may do, its own policies say.
        case account
        /// The one who asks is named, or everybody is.
        case caller
        /// The one session that asks is named: what it was narrowed to does not narrow this.
        case session

        static func < (left: Match, right: Match) -> Bool { left.rawValue < right.rawValue }
    }

    func match(_ requester: Requester) -> Match {
        switch (self, requester) {
        case (.everyone, _): return .caller
        case (.account(let number), .root(let account)):
            return number == account.number ? .caller : .none
        case (.account(let number), _):
            return number == requester.account?.number ? .account : .none
        case (.canonicalUser(let id), .root(let account)):
            return id == account.canonicalID ? .caller : .none
        case (.canonicalUser(let id), _):
            return id == requester.account?.canonicalID ? .account : .none
        case (.user(let number, let path, let name), .user(let account, let ownPath, let own)):
            return number == account.number && path == ownPath && name == own ? .caller : .none
        case (.role(let number, let path, let name), .session(let account, let own, let role, _)):
            return number == account.number && path == own && name == role ? .caller : .none
        case (.session(let number, let role, let name), .session(let account, _, let own, let its)):
            return number == account.number && role == own && name == its ? .session : .none
        case (.service(let name), .service(let own)): return name == own ? .caller : .none
        case (.user, _), (.role, _), (.session, _), (.other, _), (.service, _), (.federated, _):
            return .none
        }
    }
}

/// The principals that a statement names, or names as exceptions.
public enum Principals: Sendable, Hashable {
    /// `Principal`: these.
    case these([Principal])
    /// `NotPrincipal`: all but these.
    case allBut([Principal])

    func match(_ requester: Requester) -> Principal.Match {
        switch self {
        case .these(let list): list.map { $0.match(requester) }.max() ?? .none
        // A user is left out by the user's own name alone: the account's does not stand for it.
        case .allBut(let list):
            list.contains { $0.match(requester) >= .caller } ? .none : .caller
        }
    }

    /// The principals named, either way.
    public var list: [Principal] {
        switch self {
        case .these(let list), .allBut(let list): list
        }
    }
}

extension Principal {
    /// Reads a principal of the kind `AWS`.
    ///
    /// - Returns: `nil` for what is none: a wildcard inside an ARN, say.
    init?(aws text: String) {
        if text == "*" {
            self = .everyone
            return
        }
        if Self.isAccount(text) {
            self = .account(text)
            return
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[1].hasPrefix("aws"),
            ["iam", "sts"].contains(parts[2]), parts[3].isEmpty,
            Self.isAccount(String(parts[4])), !text.contains("*"), !text.contains("?")
        else { return nil }
        let (number, path) = (String(parts[4]), parts[5])
        if parts[2] == "iam", path == "root" {
            self = .account(number)
        } else {
            self.init(service: parts[2], path, of: number, arn: text)
        }
    }

    /// Reads what follows the account in an ARN.
    private init?(service: Substring, _ text: Substring, of account: String, arn: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, let name = parts.last, !name.isEmpty else { return nil }
        let path = "/" + parts.dropFirst().dropLast().map { $0 + "/" }.joined()
        switch (service, parts[0]) {
        case ("iam", "user"): self = .user(account: account, path: path, name: name)
        case ("iam", "role"): self = .role(account: account, path: path, name: name)
        case ("sts", "assumed-role"):
            guard parts.count == 3 else { return nil }
            self = .session(account: account, role: parts[1], name: name)
        case ("sts", "federated-user"): self = .other(arn: arn)
        default: return nil
        }
    }

    private static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
