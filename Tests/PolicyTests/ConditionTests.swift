import Testing

@testable import Policy

@Suite struct ConditionTests {
    @Test func `every operator compares as AWS's documentation says`() throws {
        let rows = try fixture("conditions").dropFirst().map { try #require($0.array) }
        #expect(rows.count > 200)
        for row in rows {
            let name = try #require(row[0].string)
            let values = try #require(row[2].array).compactMap(\.string)
            let document = """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*",
                 "Condition": {"\(name)": {"aws:tested": \(row[1].text)}}}}
                """
            #expect(try outcome(document, values) == row[3].text, "\(JSON.array(row).text)")
        }
    }

    private func outcome(_ document: String, _ values: [String]) throws -> String {
        let policy: PolicyDocument
        do { policy = try PolicyDocument(json: document) } catch {
            return "\"refused\""
        }
        let request = AccessRequest(
            People.named("alice"),
            "s3:GetObject",
            on: "arn:aws:s3:::b/k",
            values: Values([
                "aws:tested": values, "aws:username": ["alice"], "aws:star": ["*"],
            ])
        )
        let decision = try AccessPolicies(
            identity: .policies(PolicySet([policy])),
            isOwn: true
        ).decide(request)
        return decision.isAllowed ? "true" : "false"
    }

    @Test func `what looking a value up throws decides nothing`() throws {
        struct Broken: ConditionValues {
            struct Failure: Error {}
            func values(of key: String) throws -> [String]? { throw Failure() }
        }
        let policy = try PolicyDocument(
            json: """
                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
                  {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Null": {"aws:x": "false"}}}]}
                """
        )
        let policies = AccessPolicies(identity: .policies(PolicySet([policy])), isOwn: true)
        let request = AccessRequest(
            People.named("alice"),
            "s3:GetObject",
            on: "arn:aws:s3:::b/k",
            values: Broken()
        )

        #expect(throws: Broken.Failure.self) { try policies.decide(request) }
    }
}
