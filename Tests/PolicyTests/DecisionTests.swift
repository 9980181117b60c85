import Testing

@testable import Policy

@Suite struct DecisionTests {
    @Test func `policies decide together as AWS's evaluation logic says`() throws {
        var count = 0
        for group in try fixture("decisions") + fixture("examples") {
            let name = group["name"]?.string ?? ""
            for row in try #require(group["cases"]?.array).compactMap(\.array) {
                count += 1
                let words = row.compactMap(\.string)
                let requester = People.named(words[0])
                let request = AccessRequest(
                    requester,
                    words[1],
                    on: words[2] == "*" ? "*" : "arn:aws:s3:::\(words[2])",
                    values: values(row[3], requester)
                )
                let policies = try policies(of: group, for: requester)
                let decision = try policies.decide(request)
                #expect(decision.words == words[3], "\(name): \(JSON.array(row).text)")
                try explains(decision, policies, request)
            }
        }
        #expect(count >= 300)
    }

    /// Holds the explanation to the decision: a statement has an obstacle where it does not speak, and is
    /// told as speaking where it decided.
    private func explains(
        _ decision: Decision,
        _ policies: AccessPolicies,
        _ request: AccessRequest
    ) throws {
        var documents = policies.resource.map { [$0] } ?? []
        if case .policies(let set) = policies.identity { documents += set.documents }
        documents += policies.session?.documents ?? []
        for statement in documents.flatMap(\.statements) {
            #expect(
                try (statement.obstacle(to: request) == nil) == (statement.match(request) != .none)
            )
        }
        guard case .denied(let statement, let kind) = decision else { return }
        let line = "\(kind.rawValue) \(statement): speaks of the request"
        #expect(try policies.explanation(of: request).contains(line))
    }

    private func policies(of group: JSON, for requester: Requester) throws -> AccessPolicies {
        func set(_ name: String) throws -> PolicySet? {
            try group[name]?.array.map { list in
                PolicySet(try list.map { try PolicyDocument(json: $0.text) })
            }
        }
        let isUser = if case .user = requester { true } else { false }
        var policies = AccessPolicies(
            identity: isUser ? .policies(try set("identity") ?? PolicySet([])) : .everything,
            resource: try group["resource"].map {
                try PolicyDocument(json: $0.text, ofBucket: "photos")
            },
            isOwn: requester.account == People.home
        )
        policies.session = try set("session")
        policies.isListed = group["listed"] != nil
        if group["restricted"] != nil, requester.account != People.home { policies.reach = .nobody }
        return policies
    }

    private func values(_ json: JSON, _ requester: Requester) -> Values {
        guard case .object(let members) = json else { return Values([:]) }
        var values = Dictionary(
            members.map {
                ($0.name, $0.value.array?.compactMap(\.string) ?? [$0.value.string ?? ""])
            }
        ) { first, _ in first }
        if case .user(_, _, let name) = requester { values["aws:username"] = [name] }
        return Values(values)
    }

    @Test(arguments: [
        ("AmazonS3FullAccess", "s3:PutObject", true),
        ("AmazonS3FullAccess", "s3-object-lambda:WriteGetObjectResponse", true),
        ("AmazonS3FullAccess", "iam:CreateUser", false),
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", true),
        ("AmazonS3ReadOnlyAccess", "s3:ListBucket", true),
        ("AmazonS3ReadOnlyAccess", "s3:DescribeJob", true),
        ("AmazonS3ReadOnlyAccess", "s3:PutObject", false),
        ("AmazonS3ReadOnlyAccess", "s3:DeleteObject", false),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "s3-object-lambda:ListX", true),
    ])
    func `the managed policies say what AWS's do`(
        name: String,
        action: String,
        isAllowed: Bool
    )
        throws
    {
        let policies = AccessPolicies(
            identity: .policies(PolicySet([try ManagedPolicy.named(name)])),
            isOwn: true
        )
        let request = AccessRequest(People.named("alice"), action, on: "arn:aws:s3:::b")

        #expect(try policies.decide(request).isAllowed == isAllowed)
    }

    @Test func `a managed policy that Pail does not have is refused`() {
        #expect(throws: PolicyError.self) { try ManagedPolicy.named("PowerUserAccess") }
    }

    /// Two thousand random bundles of policies over a small alphabet, so that they do meet.
    @Test func `one more deny never allows more, and one more allow never lifts a deny`() throws {
        var random = SplitMix(state: 20_260_701)
        for _ in 0..<2000 {
            let isOwn = Bool.random(using: &random)
            let requester = People.named(
                ["alice", "root", "stranger", "strangers root", "anonymous"]
                    .randomElement(using: &random) ?? "alice"
            )
            let own = try statements("", &random)
            let shared = try statements(principal(&random), &random)
            let (deny, allow) = (
                try statement("Deny", "", &random), try statement("Allow", "", &random)
            )
            let sharedDeny = try statement("Deny", principal(&random), &random)
            for action in ["s3:GetObject", "s3:PutObject"] {
                let request = AccessRequest(
                    requester,
                    action,
                    on: "arn:aws:s3:::a/k",
                    values: Values(["aws:sourceip": ["10.0.0.1"]])
                )
                func decide(_ own: [String], _ shared: [String]) throws -> Decision {
                    try bundle(own, shared, requester, isOwn).decide(request)
                }
                let before = try decide(own, shared)
                for after in [
                    try decide(own + [deny], shared), try decide(own, shared + [sharedDeny]),
                ]
                where !before.isAllowed {
                    #expect(!after.isAllowed)
                }
                if case .denied = before {
                    let after = try decide([allow] + own, shared)
                    if case .denied = after { continue }
                    Issue.record("an allow lifted \(before.words)")
                }
            }
        }
    }

    private func bundle(
        _ own: [String],
        _ shared: [String],
        _ requester: Requester,
        _ isOwn: Bool
    ) throws -> AccessPolicies {
        let isUser = if case .user = requester { true } else { false }
        let documents = try own.map { try PolicyDocument(json: #"{"Statement": [\#($0)]}"#) }
        let resource =
            try shared.isEmpty
            ? nil
            : PolicyDocument(
                json: #"{"Statement": [\#(shared.joined(separator: ","))]}"#,
                ofBucket: "a"
            )
        return AccessPolicies(
            identity: isUser ? .policies(PolicySet(documents)) : .everything,
            resource: resource,
            isOwn: isOwn
        )
    }

    private func principal(_ random: inout SplitMix) -> String {
        let whom = [
            #""*""#, #"{"AWS": "111122223333"}"#,
            #"{"AWS": "arn:aws:iam::111122223333:user/alice"}"#,
            #"{"AWS": "arn:aws:iam::444455556666:root"}"#,
        ]
        return #""Principal": \#(whom.randomElement(using: &random) ?? "\"*\""),"#
    }

    private func statements(_ principal: String, _ random: inout SplitMix) throws -> [String] {
        try (0..<Int.random(in: 0...3, using: &random)).map { _ in
            try statement(Bool.random(using: &random) ? "Allow" : "Deny", principal, &random)
        }
    }

    private func statement(
        _ effect: String,
        _ principal: String,
        _ random: inout SplitMix
    ) throws -> String {
        let actions = ["s3:GetObject", "s3:PutObject", "s3:*", "s3:Get*", "S3:?utObject"]
        let resources = ["arn:aws:s3:::a/*", "arn:aws:s3:::?/k", "arn:aws:s3:::a/other"]
        let conditions = [
            "", #", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#,
            #", "Condition": {"StringNotEquals": {"aws:Referer": "x"}}"#,
            #", "Condition": {"Null": {"aws:SourceIp": "true"}}"#,
        ]
        let action = try #require(actions.randomElement(using: &random))
        let resource = try #require(resources.randomElement(using: &random))
        let condition = try #require(conditions.randomElement(using: &random))
        return """
            {"Effect": "\(effect)", \(principal) "Action": "\(action)", "Resource": "\(resource)"\(condition)}
            """
    }
}
