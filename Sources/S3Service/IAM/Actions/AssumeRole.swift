import ObjectStore
import Policy
import S3Protocol

extension QueryAction {
    /// Makes a temporary key of a role, for whoever the role's policy trusts.
    ///
    /// [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html)
    static let assumeRole = QueryAction(free: "AssumeRole") { call in
        let request = try AssumeRoleRequest(call)
        let role = try call.trusted(for: request)
        guard let settings = role.role else { throw QueryError.missing(.role, role.name) }
        let seconds = try request.seconds(of: settings, call.caller)
        let session = try await call.directory.begin(
            NewSession(
                account: role.account,
                identity: role.id,
                name: request.name,
                policies: request.policies,
                tags: request.tags,
                seconds: seconds
            )
        )
        return { xml in
            xml.credentials(of: session)
            xml.element("AssumedRoleUser") { xml in
                xml.element("AssumedRoleId", "\(role.uniqueID):\(request.name)")
                xml.element(
                    "Arn",
                    "arn:aws:sts::\(role.account.number):assumed-role/\(role.name)/\(request.name)"
                )
            }
            if let packed = request.packedPercent { xml.element("PackedPolicySize", packed) }
        }
    }
}

/// What somebody asks of a role.
private struct AssumeRoleRequest: Sendable {
    let arn: String
    let name: String
    let externalID: String?
    /// The documents that narrow the session, each by a name.
    let policies: [Field]
    let tags: [Field]
    let asked: Int64?

    /// What narrows a session may have so many characters together.
    private static let longest = 2048

    init(_ call: QueryCall) throws {
        let form = call.form
        arn = try form.required("RoleArn")
        name = try form.name("RoleSessionName", longest: 64, shortest: 2)
        externalID = form["ExternalId"]
        asked = try form.number("DurationSeconds", in: 900...43_200)
        tags = try form.tags()
        try call.refuseSecondFactor()
        for other in ["SourceIdentity", "TransitiveTagKeys.member.1", "ProvidedContexts.member.1"]
        where form[other] != nil {
            let parameter = other.prefix { $0 != "." }
            throw QueryError(.notImplemented, "\(parameter) is not implemented.")
        }
        policies = try Self.policies(call)
        let weight = policies.filter { $0.name.isEmpty }.reduce(0) { $0 + $1.value.utf8.count }
        guard weight <= Self.longest else {
            throw QueryForm.invalid(
                "Policy",
                "(...)",
                "must have length less than or equal to 2048"
            )
        }
    }

    /// The policy that is given in full, which has no name, and those that are named by their ARN.
    private static func policies(_ call: QueryCall) throws -> [Field] {
        var policies: [Field] = []
        // What was to narrow a session and cannot be read must never leave it as wide as its role.
        if call.form.text("Policy") != nil {
            policies.append(Field("", try call.document("Policy")))
        }
        let arns = call.form.list("PolicyArns", field: "arn")
        guard arns.count == call.form.count(of: "PolicyArns"), !arns.contains("") else {
            throw QueryForm.invalid("PolicyArns", "(...)", "must be a list of ARNs")
        }
        guard arns.count <= 10 else {
            throw QueryForm.invalid(
                "PolicyArns",
                "(...)",
                "must have length less than or equal to 10"
            )
        }
        for arn in arns {
            guard let policy = call.policy(arn: arn),
                let document = policy.versions.first(where: { $0.number == policy.inForce })
            else {
                throw QueryError(.malformedPolicy, "Policy \(arn) does not exist.")
            }
            policies.append(Field(arn, document.document))
        }
        return policies
    }

    /// How much of what a session may be given it has, as a percentage.
    var packedPercent: Int? {
        guard !policies.isEmpty || !tags.isEmpty else { return nil }
        let texts = policies.map { $0.name.isEmpty ? $0.value : $0.name }
        let weight =
            texts.reduce(0) { $0 + $1.utf8.count }
            + tags.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        return min(100, (weight * 100 + Self.longest - 1) / Self.longest)
    }

    func seconds(of role: ObjectStore.Identity.Role, _ caller: Caller) throws -> Int64 {
        guard let asked else { return min(3600, role.longestSession) }
        if case .role = caller.identity, asked > 3600 {
            throw QueryError(
                .validation,
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by "
                    + "role chaining"
            )
        }
        guard asked <= role.longestSession else {
            throw QueryError(
                .validation,
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
            )
        }
        return asked
    }
}

extension QueryCall {
    /// The role that is asked for, where both its policy and the caller's own side allow it.
    ///
    /// - Throws: `AccessDenied`, also for a role that is not there.
    fileprivate func trusted(for request: AssumeRoleRequest) throws -> ObjectStore.Identity {
        if case .root = caller.identity {
            throw QueryError(.accessDenied, "Roles may not be assumed by root accounts.")
        }
        guard let role = role(arn: request.arn), let trust = role.role?.trust else {
            throw QueryError(
                .accessDenied,
                "User: \(caller.requester.arn ?? "") is not authorized to perform: sts:AssumeRole on "
                    + "resource: \(request.arn)",
                logged: "there is no such role"
            )
        }
        var policies = AccessPolicies(
            identity: caller.rights,
            resource: try PolicyDocument(trust: trust),
            isOwn: role.account.id == account.id
        )
        policies.session = caller.temporary?.policies
        policies.needsResource = true
        let actions: [Action] =
            request.tags.isEmpty ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"]
        for action in actions {
            try authorization.decide(action, .other(role.arn), policies, told(request))
        }
        return role
    }

    private func told(_ request: AssumeRoleRequest) -> [String: [String]] {
        var told = told
        told["sts:rolesessionname"] = [request.name]
        if let id = request.externalID { told["sts:externalid"] = [id] }
        return told
    }

    /// The role of an ARN, of whatever account.
    private func role(arn: String) -> ObjectStore.Identity? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[5].hasPrefix("role/"),
            let name = arn.split(separator: "/").last,
            let owner = directory.account(number: String(parts[4])),
            let role = directory.identity(.role, String(name), in: owner.id), role.arn == arn
        else { return nil }
        return role
    }
}
