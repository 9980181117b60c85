/// Why the directory cannot be changed so.
public enum DirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a name is the name of.
    public enum Thing: String, Sendable, Hashable {
        /// A user.
        case user
        /// A group.
        case group
        /// A role.
        case role
        /// A policy, by name, by ARN or by version.
        case policy
        /// An access key.
        case accessKey = "access key"
        /// An account.
        case account

        /// Names an identity of a kind.
        public init(_ kind: Identity.Kind) {
            switch kind {
            case .user: self = .user
            case .group: self = .group
            case .role: self = .role
            }
        }
    }

    /// The account has one of this name.
    case exists(Thing, String)
    /// The account has none of this name.
    case missing(Thing, String)
    /// It was changed by somebody else at the same time.
    case changed(Thing, String)
    /// Another user has this access key.
    case accessKeyTaken(String)
    /// A name breaks the rules.
    case invalidName(String)
    /// It cannot be deleted while there is something of it.
    case inUse(String)
    /// There are as many as there may be.
    case tooMany(String)

    /// A sentence for the command line.
    public var description: String {
        switch self {
        case .exists(let thing, let name): "there is a \(thing.rawValue) named \(name) already"
        case .missing(let thing, let name):
            "there is no \(thing.rawValue) named \(name)"
        case .changed(let thing, let name):
            "the \(thing.rawValue) named \(name) was changed by somebody else just now"
        case .accessKeyTaken(let id): "the access key \(id) belongs to another user"
        case .invalidName(let name):
            "\"\(name)\" is no name: 1 to 64 of the characters A-Z a-z 0-9 + = , . @ _ - are"
        case .inUse(let what), .tooMany(let what): what
        }
    }
}
