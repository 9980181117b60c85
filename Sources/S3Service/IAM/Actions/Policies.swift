import ObjectStore
import Policy
import S3Protocol

// The policies that an account keeps once for many.

extension QueryAction {
    /// Makes a policy of the account, with a first version that is in force.
    ///
    /// [CreatePolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html)
    static let createPolicy = QueryAction("CreatePolicy", on: { try $0.arnOfNewPolicy() }) {
        call in
        let made = try await call.directory.createPolicy(
            try call.form.name("PolicyName"),
            path: try call.form.path(),
            description: try call.description(),
            document: try call.managedDocument(),
            tags: try call.form.tags(),
            in: call.account
        )
        return { xml in
            xml.element("Policy") { xml in
                xml.policy(.customer(made), uses: 0)
                xml.tags(made.tags)
            }
        }
    }

    /// Tells what a policy is, and how many have it.
    ///
    /// [GetPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html)
    static let getPolicy = QueryAction("GetPolicy", on: { $0.policyARN }) { call in
        let policy = try call.policy()
        let uses = call.uses(of: policy)
        return { xml in xml.element("Policy") { $0.policy(policy, uses: uses, isWhole: true) } }
    }

    /// Lists AWS's policies and the account's, in pages.
    ///
    /// [ListPolicies](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html)
    static let listPolicies = QueryAction("ListPolicies") { call in
        let scope = call.form["Scope"] ?? "All"
        var all: [AnyPolicy] = []
        if scope != "AWS" {
            all += call.directory.policies(in: call.account.id).map(AnyPolicy.customer)
        }
        if scope != "Local" { all += ManagedPolicy.all.map(AnyPolicy.amazon) }
        if try call.form.flag("OnlyAttached") { all.removeAll { call.uses(of: $0) == 0 } }
        let (page, marker) = try call.page(call.within(all, \.path), by: \.arn)
        let uses = page.map { call.uses(of: $0) }
        return { xml in
            xml.list("Policies", Array(zip(page, uses))) { $0.policy($1.0, uses: $1.1) }
            xml.page(marker)
        }
    }

    /// Deletes a policy of the account that nobody has.
    ///
    /// [DeletePolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html)
    static let deletePolicy = QueryAction("DeletePolicy", on: { $0.policyARN }) { call in
        try await call.directory.delete(try call.ownPolicy())
        return nil
    }

    /// Lists who has a policy, in pages.
    ///
    /// [ListEntitiesForPolicy](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html)
    static let listEntitiesForPolicy = QueryAction(
        "ListEntitiesForPolicy",
        on: { $0.policyARN }
    ) { call in
        let wanted = call.form["EntityFilter"]
        let holders = call.directory.holders(of: try call.policy().arn, in: call.account.id)
        let found = call.within(holders, \.path).filter { wanted == nil || wanted == $0.kind.title }
        let (page, marker) = try call.page(found, by: \.arn)
        return { xml in
            for kind in [ObjectStore.Identity.Kind.group, .user, .role] {
                xml.element(named: "Policy\(kind.title)s") { xml in
                    for one in page where one.kind == kind {
                        xml.element("member") { xml in
                            xml.element(named: kind.parameter, one.name)
                            xml.element(named: "\(kind.title)Id", one.uniqueID)
                        }
                    }
                }
            }
            xml.page(marker)
        }
    }
}

extension QueryCall {
    /// The most that a policy may have, in characters without white space.
    static let longestPolicy = 6144

    fileprivate func arnOfNewPolicy() throws(QueryError) -> String {
        arn("policy\(try form.path())\(try form.name("PolicyName"))")
    }

    /// The ARN of the policy that the form names.
    var policyARN: String { form["PolicyArn"] ?? "*" }

    /// The document of a policy that is kept once.
    ///
    /// - Throws: ``QueryError`` with `MalformedPolicyDocument` or `LimitExceeded`.
    func managedDocument() throws(QueryError) -> String {
        let json = try document("PolicyDocument")
        guard json.weight <= Self.longestPolicy else {
            throw QueryError(
                .limitExceeded,
                "Cannot exceed quota for PolicySize: \(Self.longestPolicy)"
            )
        }
        return json
    }
}
