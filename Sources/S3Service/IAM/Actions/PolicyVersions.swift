import ObjectStore
import S3Protocol

extension QueryAction {
    /// Adds a version to a policy of the account, in force or not.
    ///
    /// [CreatePolicyVersion](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html)
    static let createPolicyVersion = QueryAction(
        "CreatePolicyVersion",
        on: { $0.policyARN }
    ) { call in
        let number = try await call.directory.addVersion(
            try call.managedDocument(),
            to: try call.ownPolicy(),
            inForce: try call.form.flag("SetAsDefault")
        )
        let (policy, version) = try call.version(number)
        return { xml in
            xml.element("PolicyVersion") { $0.version(version, of: policy, isWhole: false) }
        }
    }

    /// Tells a version of a policy.
    ///
    /// [GetPolicyVersion](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html)
    static let getPolicyVersion = QueryAction("GetPolicyVersion", on: { $0.policyARN }) { call in
        let (policy, version) = try call.version(try call.versionNumber())
        return { xml in
            xml.element("PolicyVersion") { $0.version(version, of: policy, isWhole: true) }
        }
    }

    /// Lists the versions of a policy, the newest first.
    ///
    /// [ListPolicyVersions](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html)
    static let listPolicyVersions = QueryAction(
        "ListPolicyVersions",
        on: { $0.policyARN }
    ) { call in
        let policy = try call.policy()
        // Five versions at most are always one page, unless a smaller one is asked for: the newest go first.
        let size = Int(try call.form.number("MaxItems", in: 1...1000) ?? 100)
        let before = call.form["Marker"].flatMap { Int64($0) } ?? .max
        let rest = policy.versions.filter { $0.number < before }
        let page = Array(rest.prefix(size))
        let marker = page.count < rest.count ? page.last.map { String($0.number) } : nil
        return { xml in
            xml.list("Versions", page) { $0.version($1, of: policy, isWhole: false) }
            xml.page(marker)
        }
    }

    /// Puts a version of a policy in force.
    ///
    /// [SetDefaultPolicyVersion](https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html)
    static let setDefaultPolicyVersion = QueryAction(
        "SetDefaultPolicyVersion",
        on: { $0.policyARN }
    ) { call in
        let policy = try call.ownPolicy()
        let (_, version) = try call.version(try call.versionNumber())
        try await call.directory.putInForce(version.number, of: policy)
        return nil
    }

    /// Deletes a version of a policy that is not in force.
    ///
    /// [DeletePolicyVersion](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html)
    static let deletePolicyVersion = QueryAction(
        "DeletePolicyVersion",
        on: { $0.policyARN }
    ) { call in
        let policy = try call.ownPolicy()
        let (_, version) = try call.version(try call.versionNumber())
        try await call.directory.deleteVersion(version.number, of: policy)
        return nil
    }
}

extension QueryCall {
    fileprivate func versionNumber() throws(QueryError) -> Int64 {
        let text = try form.required("VersionId")
        guard text.hasPrefix("v"), let number = Int64(text.dropFirst()), number > 0 else {
            throw QueryForm.invalid(
                "VersionId",
                "'\(text)'",
                "must satisfy regular expression pattern: v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?"
            )
        }
        return number
    }

    fileprivate func version(
        _ number: Int64
    ) throws(QueryError) -> (AnyPolicy, CustomerPolicy.Version) {
        let policy = try policy()
        guard let version = policy.versions.first(where: { $0.number == number }) else {
            throw QueryError(
                .noSuchEntity,
                "Policy \(policy.arn) version v\(number) does not exist or is not attachable."
            )
        }
        return (policy, version)
    }
}
