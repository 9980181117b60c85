import ObjectStore
import Policy
import S3Protocol

// What only roles have.

extension QueryAction {
    /// Changes what a role is for, and how long its sessions may be.
    ///
    /// [UpdateRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html)
    static let updateRole = QueryAction("UpdateRole", on: { try $0.arn(of: .role) }) { call in
        let isDescribed = call.form.text("Description") != nil
        try await call.directory.set(
            RoleChange(
                description: isDescribed ? try call.description() ?? "" : nil,
                longestSession: try call.longestSession()
            ),
            of: try call.identity(.role)
        )
        return { _ in }
    }

    /// Changes what a role is for.
    ///
    /// [UpdateRoleDescription](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html)
    static let updateRoleDescription = QueryAction(
        "UpdateRoleDescription",
        on: { try $0.arn(of: .role) }
    ) { call in
        let change = RoleChange(description: try call.description() ?? "")
        try await call.directory.set(change, of: try call.identity(.role))
        let changed = try call.identity(.role)
        return { xml in xml.element("Role") { $0.identity(changed, withTags: true) } }
    }

    /// Changes whom a role trusts.
    ///
    /// [UpdateAssumeRolePolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html)
    static let updateAssumeRolePolicy = QueryAction(
        "UpdateAssumeRolePolicy",
        on: { try $0.arn(of: .role) }
    ) { call in
        let change = RoleChange(trust: try call.trust("PolicyDocument"))
        try await call.directory.set(change, of: try call.identity(.role))
        return nil
    }
}

extension QueryCall {
    /// What a new role is to be like.
    func role() throws(QueryError) -> ObjectStore.Identity.Role {
        ObjectStore.Identity.Role(
            trust: try trust("AssumeRolePolicyDocument"),
            description: try description(),
            longestSession: try longestSession() ?? 3600
        )
    }

    fileprivate func longestSession() throws(QueryError) -> Int64? {
        try form.number("MaxSessionDuration", in: 3600...43_200)
    }

    /// What somebody says that a role or a policy is for.
    func description() throws(QueryError) -> String? {
        guard let text = form["Description"] else { return nil }
        try QueryForm.checkLength(text, "Description", 0...1000)
        return text
    }

    /// The most that the policy of a role may have, in characters without white space.
    static let longestTrust = 2048

    fileprivate func trust(_ name: String) throws(QueryError) -> String {
        let json = try form.required(name)
        do {
            _ = try PolicyDocument(trust: json, knows: { directory.knows($0) })
        } catch {
            throw QueryError(.malformedPolicy, error.description)
        }
        guard json.weight <= Self.longestTrust else {
            throw QueryError(
                .limitExceeded,
                "Cannot exceed quota for ACLSizePerRole: \(Self.longestTrust)"
            )
        }
        return json
    }
}

extension String {
    /// The characters that count for the limits of policies: those that are not white space.
    var weight: Int { unicodeScalars.count { !$0.properties.isWhitespace } }
}
