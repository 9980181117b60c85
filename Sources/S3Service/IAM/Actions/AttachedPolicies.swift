import ObjectStore
import S3Protocol

// The policies that are kept once and attached to users, groups and roles.

extension QueryAction {
    /// The most policies that may be attached to one.
    static let mostAttached = 10

    /// Attaches a policy.
    ///
    /// [AttachUserPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html) and its kin.
    static func attachPolicy(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Attach\(kind.title)Policy", on: { try $0.arn(of: kind) }) { call in
            let identity = try call.identity(kind)
            let policy = try call.policy()
            try await call.directory.put(.attached(arn: policy.arn), on: identity) { policies in
                let attached = policies.attached
                guard attached.count < mostAttached || attached.contains(policy.arn) else {
                    throw QueryError(
                        .limitExceeded,
                        "Cannot exceed quota for PoliciesPer\(kind.title): \(mostAttached)"
                    )
                }
            }
            return nil
        }
    }

    /// Detaches a policy.
    ///
    /// [DetachUserPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html) and its kin.
    static func detachPolicy(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Detach\(kind.title)Policy", on: { try $0.arn(of: kind) }) { call in
            let identity = try call.identity(kind)
            let arn = try call.form.required("PolicyArn")
            guard identity.policies.attached.contains(arn) else {
                throw QueryError(.noSuchEntity, "Policy \(arn) was not found.")
            }
            try await call.directory.remove(.attached(arn: arn), from: identity)
            return nil
        }
    }

    /// Lists what is attached, in pages.
    ///
    /// [ListAttachedUserPolicies](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html)
    /// and its kin.
    static func listAttachedPolicies(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("ListAttached\(kind.title)Policies", on: { try $0.arn(of: kind) }) { call in
            let attached = try call.identity(kind).policies.attached
            let policies = attached.compactMap { call.policy(arn: $0) }
            // One of AWS's and one of the account's may have the same name.
            let (page, marker) = try call.page(call.within(policies, \.path)) {
                "\($0.name) \($0.arn)"
            }
            return { xml in
                xml.list("AttachedPolicies", page) { xml, policy in
                    xml.element("PolicyName", policy.name)
                    xml.element("PolicyArn", policy.arn)
                }
                xml.page(marker)
            }
        }
    }
}

extension [PolicyAttachment] {
    /// The ARNs of what is attached.
    var attached: [String] {
        compactMap { if case .attached(let arn) = $0 { arn } else { nil } }
    }
}
