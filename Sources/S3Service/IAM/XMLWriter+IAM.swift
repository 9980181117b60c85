import ObjectStore
import Policy
import S3Protocol

extension XMLWriter {
    /// A moment as IAM writes it, to the second.
    mutating func element(_ name: StaticString, _ moment: Timestamp) {
        element(name, String(ISO8601.format(moment).prefix(19)) + "Z")
    }

    /// A policy's text, which IAM percent-encodes.
    mutating func element(_ name: StaticString, document: String) {
        element(name, PercentCoding.encode(document))
    }

    /// A list in AWS's way.
    mutating func list<T>(
        _ name: StaticString,
        _ items: [T],
        _ write: (inout XMLWriter, T) -> Void
    ) {
        element(name) { xml in
            for item in items { xml.element("member") { write(&$0, item) } }
        }
    }

    /// Whether there is more of a list, and how it is asked for.
    mutating func page(_ marker: String?) {
        element("IsTruncated", marker != nil)
        element("Marker", ifPresent: marker)
    }

    mutating func tags(_ tags: [Field]) {
        guard !tags.isEmpty else { return }
        list("Tags", tags) { $0.tag($1) }
    }

    mutating func tag(_ tag: Field) {
        element("Key", tag.name)
        element("Value", tag.value)
    }

    /// What a user, a group or a role is; its tags only where it alone is asked for.
    mutating func identity(_ identity: ObjectStore.Identity, withTags: Bool = false) {
        element("Path", identity.path)
        element(named: identity.kind.parameter, identity.name)
        element(named: "\(identity.kind.title)Id", identity.uniqueID)
        element("Arn", identity.arn)
        element("CreateDate", identity.created)
        if let role = identity.role {
            element("AssumeRolePolicyDocument", document: role.trust)
            element("Description", ifPresent: role.description)
            element("MaxSessionDuration", role.longestSession)
        }
        if withTags { tags(identity.tags) }
    }

    /// A key; one of a root has no user to be named.
    mutating func key(_ id: String, of user: ObjectStore.Identity?, isActive: Bool) {
        element("UserName", ifPresent: user?.name)
        element("AccessKeyId", id)
        element("Status", isActive ? "Active" : "Inactive")
    }

    mutating func policy(_ policy: AnyPolicy, uses: Int, isWhole: Bool = false) {
        element("PolicyName", policy.name)
        element("PolicyId", policy.id)
        element("Arn", policy.arn)
        element("Path", policy.path)
        element("DefaultVersionId", "v\(policy.inForce)")
        element("AttachmentCount", uses)
        element("PermissionsBoundaryUsageCount", 0)
        element("IsAttachable", true)
        if isWhole { element("Description", ifPresent: policy.description) }
        element("CreateDate", policy.created)
        element("UpdateDate", policy.updated)
        if isWhole { tags(policy.tags) }
    }

    mutating func version(_ version: CustomerPolicy.Version, of policy: AnyPolicy, isWhole: Bool) {
        if isWhole { element("Document", document: version.document) }
        element("VersionId", "v\(version.number)")
        element("IsDefaultVersion", version.number == policy.inForce)
        element("CreateDate", version.created)
    }
}
