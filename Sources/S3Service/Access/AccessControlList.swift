import ObjectStore
import S3Protocol

/// A line of a list: who may do what.
struct Grant: Sendable, Hashable {
    /// What is granted.
    enum Permission: String, Sendable, CaseIterable {
        case fullControl = "FULL_CONTROL"
        case read = "READ"
        case write = "WRITE"
        case readACP = "READ_ACP"
        case writeACP = "WRITE_ACP"
    }

    /// Whom it is granted to.
    enum Grantee: Sendable, Hashable {
        /// An account, by the index's own number.
        case account(Account.ID)
        case group(Group)
    }

    /// The groups that S3 has.
    enum Group: String, Sendable, CaseIterable {
        /// Everybody, those without a signature too.
        case allUsers = "http://acs.amazonaws.com/groups/global/AllUsers"
        /// Everybody with a signature.
        case authenticatedUsers = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
        /// The service that writes access logs.
        case logDelivery = "http://acs.amazonaws.com/groups/s3/LogDelivery"
    }

    let permission: Permission
    let grantee: Grantee

    init(_ permission: Permission, to grantee: Grantee) {
        self.permission = permission
        self.grantee = grantee
    }

    /// Whether everybody is meant.
    var isPublic: Bool {
        grantee == .group(.allUsers) || grantee == .group(.authenticatedUsers)
    }
}

/// Who may use a bucket or an object beside its owner.
///
/// [Access control lists](https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html)
struct AccessControlList: Sendable, Hashable {
    let grants: [Grant]

    /// The most grants that a list may have.
    static let maximumGrants = 100
    /// The name of a bucket's list in the store.
    static let setting = "acl"

    /// A list for the owner alone.
    static func `private`(of owner: Account.ID) -> AccessControlList {
        AccessControlList(grants: [Grant(.fullControl, to: .account(owner))])
    }

    /// The list of an object; one that never got any is its owner's alone.
    init(of object: StoredObject, _ store: Store) throws {
        let stored = try store.acl(of: object)
        self = try stored.map { try AccessControlList(stored: $0) } ?? .private(of: object.ownerID)
    }

    init(grants: [Grant]) { self.grants = grants }

    /// Whether it gives an owner everything, and nobody else anything.
    func isPrivate(of owner: Account.ID) -> Bool {
        grants == Self.private(of: owner).grants
    }

    /// Whether anything is granted to everybody.
    var isPublic: Bool { grants.contains(where: \.isPublic) }

    /// Whether it grants a permission to a caller.
    func allows(_ permission: Grant.Permission, to caller: Caller, ignoringPublic: Bool) -> Bool {
        grants.contains { grant in
            guard [permission, .fullControl].contains(grant.permission),
                !ignoringPublic || !grant.isPublic
            else { return false }
            switch grant.grantee {
            case .account(let id): return !caller.isAnonymous && id == caller.account.id
            case .group(.allUsers): return true
            case .group(.authenticatedUsers): return !caller.isAnonymous
            case .group(.logDelivery): return false
            }
        }
    }
}

extension AccessControlList {
    /// The list as it is stored: a line a grant.
    var stored: [UInt8] {
        Array(
            grants.map { grant in
                switch grant.grantee {
                case .account(let id): "\(grant.permission.rawValue) \(id)"
                case .group(let group): "\(grant.permission.rawValue) \(group.rawValue)"
                }
            }
            .joined(separator: "\n").utf8
        )
    }

    /// Reads what was stored.
    ///
    /// - Throws: ``S3Error`` with `InternalError` where it cannot be read.
    init(stored: [UInt8]) throws(S3Error) {
        var grants: [Grant] = []
        for line in String(decoding: stored, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2, let permission = Grant.Permission(rawValue: words[0]) else {
                throw S3Error(.internalError, logged: "an access control list cannot be read")
            }
            if let group = Grant.Group(rawValue: words[1]) {
                grants.append(Grant(permission, to: .group(group)))
            } else if let id = Account.ID(words[1]) {
                grants.append(Grant(permission, to: .account(id)))
            } else {
                throw S3Error(.internalError, logged: "an access control list cannot be read")
            }
        }
        self.init(grants: grants)
    }
}
