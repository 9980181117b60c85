import ObjectStore
import S3Protocol

extension QueryAction {
    /// How much there is in the account, and how much there may be of what has a limit here.
    ///
    /// [GetAccountSummary](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html)
    static let getAccountSummary = QueryAction("GetAccountSummary") { call in
        let directory = call.directory
        let policies = directory.policies(in: call.account.id)
        func count(_ kind: ObjectStore.Identity.Kind) -> Int {
            directory.identities(kind, in: call.account.id).count
        }
        let rows: [(String, Int)] = [
            ("AccessKeysPerUserQuota", 2),
            ("AccountAccessKeysPresent", call.account.isRoot ? 1 : 0),
            ("AccountMFAEnabled", 0),
            ("AssumeRolePolicySizeQuota", 2048),
            ("AttachedPoliciesPerGroupQuota", 10),
            ("AttachedPoliciesPerRoleQuota", 10),
            ("AttachedPoliciesPerUserQuota", 10),
            ("GroupPolicySizeQuota", ObjectStore.Identity.Kind.group.longestPolicies),
            ("Groups", count(.group)),
            ("MFADevices", 0),
            ("Policies", policies.count),
            ("PolicySizeQuota", 6144),
            ("PolicyVersionsInUse", policies.reduce(0) { $0 + $1.versions.count }),
            ("RolePolicySizeQuota", ObjectStore.Identity.Kind.role.longestPolicies),
            ("Roles", count(.role)),
            ("UserPolicySizeQuota", ObjectStore.Identity.Kind.user.longestPolicies),
            ("Users", count(.user)),
            ("VersionsPerPolicyQuota", CustomerPolicy.maximumVersions),
        ]
        return { xml in
            xml.element("SummaryMap") { xml in
                for (name, number) in rows {
                    xml.element("entry") { xml in
                        xml.element("key", name)
                        xml.element("value", number)
                    }
                }
            }
        }
    }
}
