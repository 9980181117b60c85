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
    /// One user, by account and path, such as `alice`.
    case user(account: String, name: String)
    /// A role or a session, which nobody here can be.
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

        static func < (left: Match, right: Match) -> Bool { left.rawValue < right.rawValue }
    }

    func match(_ requester: Requester) -> Match {
        switch (self, requester) {
        case (.everyone, _): return .caller
        case (.account(let number), .root(let account)):
            return number == account.number ? .caller : .none
        case (.account(let number), .user(let account, _)):
            return number == account.number ? .account : .none
        case (.canonicalUser(let id), .root(let account)):
            return id == account.canonicalID ? .caller : .none
        case (.canonicalUser(let id), .user(let account, _)):
            return id == account.canonicalID ? .account : .none
        case (.user(let number, let name), .user(let account, let own)):
            return number == account.number && name == own ? .caller : .none
        case (.service(let name), .service(let own)): return name == own ? .caller : .none
        case (.user, _), (.account, _), (.canonicalUser, _), (.other, _), (.service, _),
            (.federated, _):
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
            list.contains { $0.match(requester) == .caller } ? .none : .caller
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
        } else if parts[2] == "iam", path.hasPrefix("user/"),
            let name = path.split(separator: "/").last,
            path.count > 5
        {
            self = .user(account: number, name: String(name))
        } else if path.hasPrefix("role/") || path.hasPrefix("assumed-role/")
            || path.hasPrefix("federated-user/")
        {
            self = .other(arn: text)
        } else {
            return nil
        }
    }

    private static func isAccount(_ text: String) -> Bool {
        text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
