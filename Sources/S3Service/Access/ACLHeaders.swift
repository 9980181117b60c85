import ObjectStore
import S3Protocol

/// The list that the headers of a write ask for: a canned one, or grants one by one.
///
/// [Setting an ACL](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html)
struct ACLHeaders: Sendable {
    let canned: CannedACL?
    /// Header values by permission, still to be resolved.
    private let grants: [(permission: Grant.Permission, value: String)]

    private static let headers: [(name: String, permission: Grant.Permission)] = [
        ("x-amz-grant-full-control", .fullControl), ("x-amz-grant-read", .read),
        ("x-amz-grant-write", .write), ("x-amz-grant-read-acp", .readACP),
        ("x-amz-grant-write-acp", .writeACP),
    ]

    /// Reads the headers.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a canned list that S3 does not know,
    ///   `InvalidRequest` where both ways are used.
    init(_ request: S3Request) throws(S3Error) {
        canned = try CannedACL.read(request)
        grants = Self.headers.compactMap { header in
            request.header(header.name).map { (header.permission, $0) }
        }
        guard canned == nil || grants.isEmpty else {
            throw S3Error(
                .invalidRequest,
                "Specifying both Canned ACLs and Header Grants is not allowed"
            )
        }
    }

    /// Whether none is asked for.
    var isEmpty: Bool { canned == nil && grants.isEmpty }

    /// Whether a canned list is named that a bucket without lists does not take, whatever it stands for.
    var namesAnotherList: Bool { canned != nil && canned != .bucketOwnerFullControl }

    /// The list; `nil` where none is asked for.
    ///
    /// - Throws: ``S3Error`` where a grantee is nobody.
    func list(
        owner: Account.ID,
        bucketOwner: Account.ID,
        _ directory: Directory
    ) throws(S3Error) -> AccessControlList? {
        if let canned { return canned.list(owner: owner, bucketOwner: bucketOwner) }
        guard !grants.isEmpty else { return nil }
        var list: [Grant] = []
        for (permission, value) in grants {
            for entry in value.split(separator: ",") {
                list.append(Grant(permission, to: try Self.grantee(entry, directory)))
            }
        }
        guard list.count <= AccessControlList.maximumGrants else { throw S3Error(.malformedACL) }
        return AccessControlList(grants: list)
    }

    /// A grantee such as `id="…"`, `uri="…"` or `emailAddress="…"`.
    private static func grantee(
        _ entry: Substring,
        _ directory: Directory
    ) throws(S3Error) -> Grant.Grantee {
        let parts = entry.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else {
            throw S3Error(
                .invalidArgument,
                "Argument format not recognized",
                details: [.init("ArgumentValue", String(entry))]
            )
        }
        let value = parts[1].trimmingSpaces.filter { $0 != "\"" && $0 != "'" }
        switch parts[0].trimmingSpaces.lowercased() {
        case "id": return try directory.grantee(canonicalID: value)
        case "uri": return try directory.grantee(uri: value)
        case "emailaddress": return try directory.grantee(email: value)
        case let other:
            throw S3Error(
                .invalidArgument,
                "Argument format not recognized",
                details: [.init("ArgumentName", other), .init("ArgumentValue", value)]
            )
        }
    }
}

extension Directory {
    /// - Throws: ``S3Error`` with `InvalidArgument` where no account has this ID.
    func grantee(canonicalID: String) throws(S3Error) -> Grant.Grantee {
        guard let account = accounts.first(where: { $0.canonicalID == canonicalID }) else {
            throw S3Error(
                .invalidArgument,
                "Invalid id",
                details: [
                    .init("ArgumentName", "CanonicalUser/ID"), .init("ArgumentValue", canonicalID),
                ]
            )
        }
        return .account(account.id)
    }

    /// - Throws: ``S3Error`` with `InvalidArgument` where there is no such group.
    func grantee(uri: String) throws(S3Error) -> Grant.Grantee {
        guard let group = Grant.Group(rawValue: uri) else {
            throw S3Error(
                .invalidArgument,
                "Invalid group uri",
                details: [.init("ArgumentName", "uri"), .init("ArgumentValue", uri)]
            )
        }
        return .group(group)
    }

    /// - Throws: ``S3Error`` with `UnresolvableGrantByEmailAddress` or `AmbiguousGrantByEmailAddress`.
    func grantee(email: String) throws(S3Error) -> Grant.Grantee {
        let found = accounts.filter { $0.email == email }
        guard let account = found.first else {
            throw S3Error(.unresolvableGrantByEmailAddress, details: [.init("Email", email)])
        }
        guard found.count == 1 else { throw S3Error(.ambiguousGrantByEmailAddress) }
        return .account(account.id)
    }
}
