import Testing

@testable import Policy

@Suite struct BucketPolicyTests {
    private func statement(
        effect: String = #""Allow""#,
        principal: String = #""Principal": "*","#,
        action: String = #""s3:GetObject""#,
        resource: String = #""arn:aws:s3:::photos/*""#,
        more: String = ""
    ) -> String {
        """
        {"Statement": [{"Effect": \(effect), \(principal) "Action": \(action), "Resource": \(resource)\(more)}]}
        """
    }

    private func refusal(of json: String, knows: (Principal) -> Bool = { _ in true }) -> String? {
        do {
            _ = try PolicyDocument(json: json, ofBucket: "photos", knows: knows)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a bucket's policy is refused in S3's words`() {
        let rows = [
            ("", "Policies must be valid JSON and the first byte must be '{'"),
            (" {}", "Policies must be valid JSON and the first byte must be '{'"),
            ("{", "This policy contains invalid Json"),
            ("{}", "Missing required field Statement"),
            (#"{"Statement": []}"#, "Missing required field Statement"),
            (
                #"{"Version": "2020-01-01", "Statement": []}"#,
                "The policy must contain a valid version string"
            ),
            (#"{"Comment": 1, "Statement": []}"#, "Unknown field Comment"),
            (statement(more: #", "Comment": 1"#), "Unknown field Comment"),
            (statement(effect: #""allow""#), "Invalid effect: allow"),
            (statement(principal: ""), "Missing required field Principal"),
            (statement(principal: #""Principal": "alice","#), "Invalid principal in policy"),
            (statement(principal: #""Principal": {},"#), "Invalid principal in policy"),
            (statement(principal: #""Principal": {"AWS": []},"#), "Invalid principal in policy"),
            (
                statement(principal: #""Principal": {"AWS": "arn:aws:iam::111122223333:user/*"},"#),
                "Invalid principal in policy"
            ),
            (statement(principal: #""Principal": {"User": "a"},"#), "Invalid principal in policy"),
            (statement(action: #""GetObject""#), "Policy has invalid action"),
            (statement(action: #""s3:GetObjekt""#), "Policy has invalid action"),
            (statement(action: #""iam:CreateUser""#), "Policy has invalid action"),
            (statement(resource: #""photos/*""#), "Policy has invalid resource"),
            (statement(resource: #""arn:aws:s3:::other/*""#), "Policy has invalid resource"),
            (
                statement(resource: #""arn:aws:s3:::photos""#),
                "Action does not apply to any resource(s) in statement"
            ),
            (
                statement(action: #"["s3:GetObject", "s3:ListBucket"]"#),
                "Action does not apply to any resource(s) in statement"
            ),
            (
                statement(more: #", "Condition": {"StringIs": {"aws:Referer": "x"}}"#),
                "Invalid Condition type : StringIs"
            ),
            (
                statement(more: #", "Condition": {"StringEquals": {"s3:color": "x"}}"#),
                "Policy has an invalid condition key"
            ),
            (
                statement(more: #", "Condition": {"StringEquals": {"ec2:Region": "x"}}"#),
                "Policy has an invalid condition key"
            ),
        ]
        for (json, message) in rows { #expect(refusal(of: json) == message, "\(json)") }
    }

    @Test func `what S3 takes is taken`() {
        let accepted = [
            statement(), statement(resource: #""*""#), statement(action: #""s3:*""#),
            statement(
                action: #"["s3:GetObject", "s3:ListBucket"]"#,
                resource: #"["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]"#
            ),
            statement(action: #""s3:ListBucket""#, resource: #""arn:aws:s3:::photos""#),
            statement(resource: #""arn:aws:s3:::*/*""#),
            statement(more: #", "Sid": "Read for all""#),
            statement(
                more: #", "Condition": {"StringEquals": {"s3:ExistingObjectTag/Color": "x"}}"#
            ),
            statement(principal: #""NotPrincipal": {"AWS": "111122223333"},"#),
            statement(principal: #""Principal": {"Service": "logging.s3.amazonaws.com"},"#),
        ]
        for json in accepted { #expect(refusal(of: json) == nil, "\(json)") }
    }

    @Test func `a principal that nobody knows is refused`() {
        let json = statement(
            principal: #""Principal": {"AWS": ["*", "arn:aws:iam::111122223333:user/eve"]},"#
        )

        #expect(refusal(of: json) { $0 == .everyone } == "Invalid principal in policy")
    }

    @Test func `20,480 bytes are the limit`() {
        let json = statement()
        let padding = String(repeating: " ", count: PolicyDocument.maximumSize - json.utf8.count)

        #expect(refusal(of: json + padding) == nil)
        #expect(refusal(of: json + padding + " ") != nil)
    }

    @Test func `a policy is public unless it says who, or from where`() throws {
        let condition: (String) -> String = { #", "Condition": {\#($0)}"# }
        let rows: [(String, Bool)] = [
            (statement(), true),
            (statement(effect: #""Deny""#), false),
            (statement(principal: #""Principal": {"AWS": "*"},"#), true),
            (statement(principal: #""Principal": {"AWS": "111122223333"},"#), false),
            (statement(principal: #""Principal": {"AWS": ["111122223333", "*"]},"#), true),
            (statement(principal: #""NotPrincipal": {"AWS": "111122223333"},"#), true),
            (
                statement(more: condition(#""IpAddress": {"aws:SourceIp": "192.0.2.0/24"}"#)),
                false
            ),
            (statement(more: condition(#""IpAddress": {"aws:SourceIp": "0.0.0.0/1"}"#)), true),
            (statement(more: condition(#""IpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#)), false),
            (statement(more: condition(#""IpAddress": {"aws:SourceIp": "2001:db8::/32"}"#)), false),
            (statement(more: condition(#""IpAddress": {"aws:SourceIp": "2000::/16"}"#)), true),
            (statement(more: condition(#""NotIpAddress": {"aws:SourceIp": "192.0.2.1"}"#)), true),
            (
                statement(more: condition(#""IpAddressIfExists": {"aws:SourceIp": "192.0.2.1"}"#)),
                true
            ),
            (
                statement(more: condition(#""StringEquals": {"aws:SourceVpc": "vpc-91237329"}"#)),
                false
            ),
            (statement(more: condition(#""StringLike": {"aws:SourceVpc": "vpc-*"}"#)), true),
            (statement(more: condition(#""StringEquals": {"aws:Referer": "x"}"#)), true),
            (
                statement(
                    more: condition(#""StringEquals": {"aws:SourceAccount": "111122223333"}"#)
                ),
                false
            ),
            (statement(more: condition(#""StringLike": {"aws:userid": "AROAEXAMPLE:*"}"#)), false),
            (statement(more: condition(#""StringLike": {"aws:userid": "*"}"#)), true),
            (
                statement(
                    more: condition(
                        #""ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-west-2:123456789012:accesspoint/*"}"#
                    )
                ), false
            ),
        ]
        for (json, isPublic) in rows {
            let document = try PolicyDocument(json: json, ofBucket: "photos")
            #expect(document.isPublic == isPublic, "\(json)")
        }
    }
}
