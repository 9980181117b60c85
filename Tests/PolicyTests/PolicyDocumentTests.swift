import Policy
import Testing

@Suite struct PolicyDocumentTests {
    @Test func `reads a document with every element that is understood`() throws {
        let document = try PolicyDocument(
            json: """
                {"Version": "2012-10-17", "Id": "mine", "Statement": [
                  {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:List*"],
                   "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"]},
                  {"Effect": "Deny", "Action": "*", "Resource": "*"}]}
                """
        )

        #expect(document.version == .current)
        #expect(document.id == "mine")
        #expect(document.statements.map(\.sid) == ["Read", nil])
        #expect(document.statements.map(\.effect) == [.allow, .deny])
        #expect(
            document.statements[0].actions.patterns.map(\.source) == ["s3:GetObject", "s3:List*"]
        )
        #expect(document.statements[1].resources.patterns.map(\.source) == ["*"])
    }

    @Test func `a single statement needs no array, and no version is the original one`() throws {
        let document = try PolicyDocument(json: statement())

        #expect(document.version == .original)
        #expect(document.statements.count == 1)
    }

    @Test(arguments: [
        "Principal", "NotPrincipal", "effect", "Comment", "condition",
    ])
    func `an element that a user's policy does not have refuses the whole document, by name`(
        name: String
    ) {
        let json = statement(adding: #", "\#(name)": {}"#)

        let error = #expect(throws: PolicyError.self) { try PolicyDocument(json: json) }
        #expect(error?.description.contains("\"\(name)\"") == true)
    }

    @Test(arguments: [
        "", "[]", "{}", "null", #"{"Statement": []}"#, #"{"Statement": "Allow"}"#,
        #"{"Statement": [[]]}"#,
        statement(effect: "allow"), statement(effect: "Maybe"),
        statement(action: "[]"), statement(action: #""GetObject""#), statement(action: #""s3:""#),
        statement(action: #"":Get""#), statement(action: #""s3:Get:x""#), statement(action: "[1]"),
        statement(action: "{}"),
        statement(resource: "[]"), statement(resource: #""photos/*""#), statement(resource: "null"),
        statement(adding: #", "Sid": "a b""#), statement(adding: #", "Sid": 1"#),
        #"{"Version": "2012-10-17"}"#,
        #"{"Version": "2020-01-01", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        #"{"Id": 7, "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        #"{"Statement": {"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"}}"#,
        #"{"Statement": {"Action": "*", "Resource": "*"}}"#,
        #"{"Statement": {"Effect": "Allow", "Resource": "*"}}"#,
        #"{"Statement": {"Effect": "Allow", "Action": "*"}}"#,
        #"{"Rules": [], "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        #"{"Statement": [{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*"}]}"#,
    ])
    func `refuses what is not a policy`(json: String) {
        #expect(throws: PolicyError.self) { try PolicyDocument(json: json) }
    }

    @Test func `refuses more than 20,480 bytes`() throws {
        let policy = statement()
        let padding = String(
            repeating: " ",
            count: PolicyDocument.maximumSize - policy.utf8.count
        )

        _ = try PolicyDocument(json: policy + padding)
        #expect(throws: PolicyError.self) { try PolicyDocument(json: policy + padding + " ") }
    }
}

private func statement(
    effect: String = "Allow",
    action: String = #""s3:*""#,
    resource: String = #""*""#,
    adding more: String = ""
) -> String {
    #"{"Statement": {"Effect": "\#(effect)", "Action": \#(action), "Resource": \#(resource)\#(more)}}"#
}
