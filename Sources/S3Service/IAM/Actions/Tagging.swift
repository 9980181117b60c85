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
            let new = try call.form.tags()
            try await call.directory.setTags(of: try call.identity(kind)) { try $0.adding(new) }
            return nil
        }
    }

    /// Takes tags away.
    ///
    /// [UntagUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html),
    /// [UntagRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html)
    static func untag(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Untag\(kind.title)", on: { try $0.arn(of: kind) }) { call in
            let names = call.form.list("TagKeys")
            try await call.directory.setTags(of: try call.identity(kind)) { $0.removing(names) }
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
        let new = try call.form.tags()
        try await call.directory.setTags(of: try call.ownPolicy()) { try $0.adding(new) }
        return nil
    }

    /// Takes tags from a policy of the account.
    ///
    /// [UntagPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html)
    static let untagPolicy = QueryAction("UntagPolicy", on: { $0.policyARN }) { call in
        let names = call.form.list("TagKeys")
        try await call.directory.setTags(of: try call.ownPolicy()) { $0.removing(names) }
        return nil
    }

    /// Lists the tags of a policy, in pages.
    ///
    /// [ListPolicyTags](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html)
    static let listPolicyTags = QueryAction("ListPolicyTags", on: { $0.policyARN }) { call in
        try call.listed(try call.policy().tags)
    }
}

extension [Field] {
    /// Tags with others, which take the place of those of their name in any case.
    fileprivate func adding(_ new: [Field]) throws(QueryError) -> [Field] {
        let tags = removing(new.map(\.name)) + new
        guard tags.count <= 50 else {
            throw QueryError(.limitExceeded, "Cannot exceed quota for TagsPerEntity: 50")
        }
        return tags
    }

    /// Tags without those of some names in any case.
    fileprivate func removing(_ names: [String]) -> [Field] {
        let names = Set(names.map { $0.lowercased() })
        return filter { !names.contains($0.name.lowercased()) }
    }
}

extension QueryCall {
    fileprivate func listed(_ tags: [Field]) throws -> QueryAction.Result {
        let (page, marker) = try page(tags, by: \.name)
        return { xml in
            xml.list("Tags", page) { $0.tag($1) }
            xml.page(marker)
        }
    }
}
