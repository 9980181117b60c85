import Testing

@testable import Policy

@Suite struct ExplanationTests {
    private func statement(_ members: String) throws -> PolicyStatement {
        let document = try PolicyDocument(
            json: #"{"Version": "2012-10-17", "Statement": [\#(members)]}"#,
            ofBucket: "photos"
        )
        return try #require(document.statements.first)
    }

    @Test(arguments: [
        (#""Principal": {"AWS": "444455556666"}"#, "s3:GetObject", "does not name the caller"),
        (#""Principal": "*""#, "s3:PutObject", "does not name the action"),
        (
            #""Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}"#,
            "s3:GetObject", #"its condition IpAddress aws:sourceip is not met by "10.0.0.1""#
        ),
        (
            #""Principal": "*", "Condition": {"StringEquals": {"s3:prefix": "a"}}"#,
            "s3:GetObject", "its condition StringEquals s3:prefix is not met by nothing"
        ),
        (#""Principal": "*""#, "s3:GetObject", nil),
    ])
    func `a statement says what keeps it from speaking`(
        members: String,
        action: String,
        obstacle: String?
    ) throws {
        let statement = try statement(
            #"""
            {"Sid": "S", "Effect": "Allow", "Action": "s3:GetObject",
             "Resource": ["arn:aws:s3:::photos/a", "arn:aws:s3:::photos/b"], \#(members)}
            """#
        )
        func request(_ key: String) -> AccessRequest {
            AccessRequest(
                People.named("alice"),
                action,
                on: "arn:aws:s3:::photos/\(key)",
                values: Values(["aws:SourceIp": ["10.0.0.1"]])
            )
        }
        #expect(try statement.obstacle(to: request("a")) == obstacle)
        if obstacle == nil {
            #expect(
                try statement.obstacle(to: request("c"))
                    == "does not name the resource, but arn:aws:s3:::photos/a, arn:aws:s3:::photos/b"
            )
        }
    }

    @Test func `an explanation goes through every policy that was asked`() throws {
        let own = try PolicyDocument(
            json: """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"},
                  {"Sid": "No", "Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}]}
                """
        )
        var policies = AccessPolicies(identity: .policies(PolicySet([own])), isOwn: false)
        policies.session = PolicySet([])
        policies.isListed = true
        let request = AccessRequest(People.named("alice"), "s3:GetObject", on: "arn:aws:s3:::a/k")
        #expect(
            try policies.explanation(of: request) == [
                "identity-based a statement (Allow s3:PutObject): does not name the action",
                "identity-based statement No (Deny s3:Get*): speaks of the request",
                "the resource has no policy", "an access control list allows it to the account",
                "there is no session policy",
                "the resource is another account's: both sides must allow it",
            ]
        )
    }
}
