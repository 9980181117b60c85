import ObjectStore

extension QueryAction {
    /// Every action of IAM that is answered; any other is an `InvalidAction`.
    static let iam: [QueryAction] =
        ObjectStore.Identity.Kind.allCases.flatMap { kind in
            [
                create(kind), list(kind), delete(kind), putPolicy(kind), getPolicy(kind),
                listPolicies(kind), deletePolicy(kind), attachPolicy(kind), detachPolicy(kind),
                listAttachedPolicies(kind),
            ]
        }
        + [ObjectStore.Identity.Kind.user, .role].flatMap { kind in
            [get(kind), tag(kind), untag(kind), listTags(kind)]
        }
        + [
            update(.user), update(.group), updateRole, updateRoleDescription,
            updateAssumeRolePolicy, getGroup, addUserToGroup, removeUserFromGroup,
            listGroupsForUser, createAccessKey, listAccessKeys, updateAccessKey, deleteAccessKey,
            getAccessKeyLastUsed, listOpenIDConnectProviders, listSAMLProviders,
            createPolicy, getPolicy, listPolicies, deletePolicy, listEntitiesForPolicy,
            createPolicyVersion, getPolicyVersion, listPolicyVersions, setDefaultPolicyVersion,
            deletePolicyVersion, tagPolicy, untagPolicy, listPolicyTags, getAccountSummary,
        ]

    /// Every action of STS that is answered; any other is an `InvalidAction`.
    static let sts: [QueryAction] = [
        getCallerIdentity, getSessionToken, assumeRole,
        needingProvider("AssumeRoleWithWebIdentity"), needingProvider("AssumeRoleWithSAML"),
    ]

    /// An action that believes a token of an identity provider, of which there is none.
    private static func needingProvider(_ name: String) -> QueryAction {
        QueryAction(free: name, isUnsigned: true) { _ in
            throw QueryError(
                .notImplemented,
                "\(name) needs an identity provider, and this service has none."
            )
        }
    }
}
