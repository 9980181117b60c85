import ObjectStore
import S3Protocol

// The tags of users, roles and policies.

extension QueryAction {
    /// Adds tags.
    ///
    /// [TagUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html),
    /// [TagRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html)
    static func tag(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Tag\(kind.title)", on: { try $0.arn(of: kind) }) { call in
            let identity = try call.identity(kind)
            try await call.directory.set(tags: try call.added(to: identity.tags), of: identity)
            return nil
        }
    }

    /// Takes tags away.
    ///
    /// [UntagUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html),
    /// [UntagRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html)
    static func untag(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Untag\(kind.title)", on: { try $0.arn(of: kind) }) { call in
            let identity = try call.identity(kind)
            try await call.directory.set(tags: call.taken(from: identity.tags), of: identity)
            return nil
        }
    }

    /// Lists tags, in pages.
    ///
    /// [ListUserTags](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html),
    /// [ListRoleTags](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html)
    static func listTags(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("List\(kind.title)Tags", on: { try $0.arn(of: kind) }) { call in
            try call.listed(try call.identity(kind).tags)
        }
    }

    /// Adds tags to a policy of the account.
    ///
    /// [TagPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html)
    static let tagPolicy = QueryAction("TagPolicy", on: { $0.policyARN }) { call in
        let policy = try call.ownPolicy()
        try await call.directory.set(tags: try call.added(to: policy.tags), of: policy)
        return nil
    }

    /// Takes tags from a policy of the account.
    ///
    /// [UntagPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html)
    static let untagPolicy = QueryAction("UntagPolicy", on: { $0.policyARN }) { call in
        let policy = try call.ownPolicy()
        try await call.directory.set(tags: call.taken(from: policy.tags), of: policy)
        return nil
    }

    /// Lists the tags of a policy, in pages.
    ///
    /// [ListPolicyTags](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html)
    static let listPolicyTags = QueryAction("ListPolicyTags", on: { $0.policyARN }) { call in
        try call.listed(try call.policy().tags)
    }
}

extension QueryCall {
    /// Tags with those of the form, which take the place of others of their name in any case.
    fileprivate func added(to old: [Field]) throws(QueryError) -> [Field] {
        let new = try form.tags()
        let names = Set(new.map { $0.name.lowercased() })
        let tags = old.filter { !names.contains($0.name.lowercased()) } + new
        guard tags.count <= 50 else {
            throw QueryError(.limitExceeded, "Cannot exceed quota for TagsPerEntity: 50")
        }
        return tags
    }

    fileprivate func taken(from old: [Field]) -> [Field] {
        let names = Set(form.list("TagKeys").map { $0.lowercased() })
        return old.filter { !names.contains($0.name.lowercased()) }
    }

    fileprivate func listed(_ tags: [Field]) throws -> QueryAction.Result {
        let (page, marker) = try page(tags.sorted { $0.name < $1.name }, by: \.name)
        return { xml in
            xml.list("Tags", page) { $0.tag($1) }
            xml.page(marker)
        }
    }
}
