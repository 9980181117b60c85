import Policy
import Testing

@Suite struct PolicySetTests {
    private let photos = """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::photos"},
          {"Effect": "Allow", "Action": ["s3:getobject", "s3:Put*"], "Resource": "arn:aws:s3:::photos/*"},
          {"Sid": "Keep", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::photos/private/*"}]}
        """

    @Test(arguments: [
        ("s3:ListBucket", "arn:aws:s3:::photos", "allowed"),
        ("s3:ListBucket", "arn:aws:s3:::photos2", "not allowed"),
        ("s3:GetObject", "arn:aws:s3:::photos/cat.jpg", "allowed"),
        ("s3:GetObject", "arn:aws:s3:::photos/private/cat.jpg", "denied by Keep"),
        ("s3:PutObject", "arn:aws:s3:::photos/a/../private/x", "allowed"),
        ("s3:GetObject", "arn:aws:s3:::Photos/cat.jpg", "not allowed"),
        ("s3:GetObjectTagging", "arn:aws:s3:::photos/cat.jpg", "not allowed"),
        ("s3:DeleteObject", "arn:aws:s3:::photos/cat.jpg", "not allowed"),
        ("s3:ListAllMyBuckets", "*", "not allowed"),
    ])
    func `an explicit deny wins, and silence is a refusal`(
        action: String,
        resource: String,
        decision: String
    ) throws {
        let policies = PolicySet([try PolicyDocument(json: photos)])

        #expect(policies.evaluate(action: action, resource: resource).words == decision)
    }

    @Test func `nothing is allowed without a policy`() {
        #expect(PolicySet([]).evaluate(action: "s3:GetObject", resource: "*") == .notAllowed)
    }

    @Test func `a deny in one policy beats an allow in another, in either order`() throws {
        let allow = try document("Allow", "*", "*")
        let deny = try document("Deny", "s3:DeleteBucket", "*")

        for documents in [[allow, deny], [deny, allow]] {
            let decision = PolicySet(documents).evaluate(action: "s3:DeleteBucket", resource: "x")
            #expect(decision == .denied(by: deny.statements[0]))
        }
    }

    @Test(arguments: [
        ("AmazonS3FullAccess", "s3:PutObject", "allowed"),
        ("AmazonS3FullAccess", "s3-object-lambda:WriteGetObjectResponse", "allowed"),
        ("AmazonS3FullAccess", "iam:CreateUser", "not allowed"),
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", "allowed"),
        ("AmazonS3ReadOnlyAccess", "s3:ListBucket", "allowed"),
        ("AmazonS3ReadOnlyAccess", "s3:DescribeJob", "allowed"),
        ("AmazonS3ReadOnlyAccess", "s3:PutObject", "not allowed"),
        ("AmazonS3ReadOnlyAccess", "s3:DeleteObject", "not allowed"),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "s3-object-lambda:ListX", "allowed"),
    ])
    func `the managed policies say what AWS's do`(
        name: String,
        action: String,
        decision: String
    ) throws {
        let policies = PolicySet([try ManagedPolicy.named(name)])

        #expect(policies.evaluate(action: action, resource: "arn:aws:s3:::b").words == decision)
    }

    @Test func `a managed policy that Pail does not have is refused`() {
        #expect(throws: PolicyError.self) { try ManagedPolicy.named("AdministratorAccess") }
    }

    /// Two thousand random sets of statements over a small alphabet, so that they do meet.
    @Test func `one more deny never allows more, and one more allow never lifts a deny`() throws {
        var random = SplitMix(state: 20_260_701)
        let actions = ["s3:GetObject", "s3:PutObject", "s3:*", "*", "s3:Get*", "S3:?utObject"]
        let resources = ["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::?/k"]
        func make(_ effect: String) throws -> PolicyDocument {
            try document(
                effect,
                actions.randomElement(using: &random) ?? "*",
                resources.randomElement(using: &random) ?? "*"
            )
        }
        for _ in 0..<2000 {
            var documents: [PolicyDocument] = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                documents.append(try make(Bool.random(using: &random) ? "Allow" : "Deny"))
            }
            let (allow, deny) = (try make("Allow"), try make("Deny"))
            documents.shuffle(using: &random)
            for action in ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"] {
                for resource in ["arn:aws:s3:::a", "arn:aws:s3:::a/k", "arn:aws:s3:::b/k"] {
                    let decide = {
                        PolicySet($0).evaluate(action: action, resource: resource).words
                    }
                    let before = decide(documents)
                    let denied = decide(documents + [deny])
                    let allowed = decide([allow] + documents)
                    #expect(denied == before || denied == "denied by nobody")
                    #expect(allowed == before || (before, allowed) == ("not allowed", "allowed"))
                }
            }
        }
    }

    private func document(
        _ effect: String,
        _ action: String,
        _ resource: String
    ) throws -> PolicyDocument {
        try PolicyDocument(
            json: """
                {"Statement": {"Effect": "\(effect)", "Action": "\(action)", "Resource": "\(resource)"}}
                """
        )
    }
}

extension Decision {
    fileprivate var words: String {
        switch self {
        case .allowed: "allowed"
        case .denied(let statement): "denied by \(statement.sid ?? "nobody")"
        case .notAllowed: "not allowed"
        }
    }
}

/// Vigna's SplitMix64: the same numbers on every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
