import ObjectStore
import S3Protocol

extension QueryAction {
    /// How much there is in the account, and how much there may be: every number of AWS's that holds here, and 0 of
    /// what nobody can make here.
    ///
    /// [GetAccountSummary](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html)
    static let getAccountSummary = QueryAction("GetAccountSummary") { call in
        let rows = call.quotas + call.counts
        return { xml in
            xml.element("SummaryMap") { xml in
                for (name, number) in rows.sorted(by: { $0.0 < $1.0 }) {
                    xml.element("entry") { xml in
                        xml.element("key", name)
                        xml.element("value", number)
                    }
                }
            }
        }
    }
}

extension QueryCall {
    private typealias Kind = ObjectStore.Identity.Kind

    fileprivate var quotas: [(String, Int)] {
        [
            ("AccessKeysPerUserQuota", QueryAction.mostKeys),
            ("AssumeRolePolicySizeQuota", Self.longestTrust),
            ("AttachedPoliciesPerGroupQuota", QueryAction.mostAttached),
            ("AttachedPoliciesPerRoleQuota", QueryAction.mostAttached),
            ("AttachedPoliciesPerUserQuota", QueryAction.mostAttached),
            ("GroupPolicySizeQuota", Kind.group.longestPolicies),
            ("GroupsPerUserQuota", ObjectStore.Identity.maximumGroups),
            ("GroupsQuota", Kind.group.quota),
            ("PoliciesQuota", CustomerPolicy.quota),
            ("PolicySizeQuota", Self.longestPolicy),
            ("PolicyVersionsInUseQuota", CustomerPolicy.versionsQuota),
            ("RolePolicySizeQuota", Kind.role.longestPolicies),
            ("RolesQuota", Kind.role.quota),
            ("UserPolicySizeQuota", Kind.user.longestPolicies),
            ("UsersQuota", Kind.user.quota),
            ("VersionsPerPolicyQuota", CustomerPolicy.maximumVersions),
        ]
    }

    fileprivate var counts: [(String, Int)] {
        let policies = directory.policies(in: account.id)
        let hasKeys =
            !givenKeys(of: account).isEmpty || !directory.rootKeys(of: account.id).isEmpty
        func count(_ kind: Kind) -> Int { directory.identities(kind, in: account.id).count }
        return [
            ("AccountAccessKeysPresent", hasKeys ? 1 : 0),
            ("AccountMFAEnabled", 0),
            ("AccountPasswordPresent", 0),
            ("AccountSigningCertificatesPresent", 0),
            ("Groups", count(.group)),
            ("InstanceProfiles", 0),
            ("MFADevices", 0),
            ("MFADevicesInUse", 0),
            ("Policies", policies.count),
            ("PolicyVersionsInUse", policies.reduce(0) { $0 + $1.versions.count }),
            ("Providers", 0),
            ("Roles", count(.role)),
            ("ServerCertificates", 0),
            ("Users", count(.user)),
        ]
    }
}
