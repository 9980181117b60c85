import Policy
import Testing

@Suite struct WildcardTests {
    @Test(arguments: [
        ("", "", true),
        ("", "a", false),
        ("*", "", true),
        ("*", "anything: at/all", true),
        ("?", "", false),
        ("?", "é", true),
        ("?", "ab", false),
        ("*?", "é", true),
        ("*??", "é", false),
        ("a*", "a", true),
        ("*a", "ba", true),
        ("*a", "ab", false),
        ("a*c*e", "abcde", true),
        ("a*c*e", "ae", false),
        ("*ab", "aab", true),
        ("*a?c*", "xxabcxx", true),
        ("arn:aws:s3:::photos/*", "arn:aws:s3:::photos/a:b/c", true),
        ("arn:aws:s3:::photos/*", "arn:aws:s3:::photos", false),
        ("arn:aws:s3:::photos", "arn:aws:s3:::Photos", false),
        ("**", "x", true),
        ("[a-z]", "b", false),
    ])
    func `a star is any run of characters and a question mark any one`(
        pattern: String,
        text: String,
        matches: Bool
    ) {
        #expect(Wildcard(pattern).matches(text) == matches)
    }

    @Test func `case is ignored only where it is asked for`() {
        #expect(Wildcard("S3:get*", ignoringCase: true).matches("s3:GetObject"))
        #expect(!Wildcard("S3:get*").matches("s3:GetObject"))
    }

    @Test(arguments: [
        ("a${*}b", "a*b", true),
        ("a${*}b", "axb", false),
        ("a${?}", "a?", true),
        ("a${?}", "ab", false),
        ("a${$}{x}", "a${x}", true),
    ])
    func `a variable stands for the character that it names`(
        pattern: String,
        text: String,
        matches: Bool
    ) throws {
        let pattern = try Pattern(withVariables: pattern)
        #expect(try pattern.matches(text, NoConditionValues()) == matches)
    }

    @Test(arguments: ["${username}", "a/${", "${}", "${*", "${**}", "${a:${b:c}}"])
    func `a variable that names no key is no pattern`(pattern: String) {
        #expect(throws: PolicyError.self) { try Pattern(withVariables: pattern) }
    }

    /// With backtracking into every star this would take longer than the universe has.
    @Test func `many stars take no more than the pattern's length times the text's`() {
        let pattern = Wildcard(String(repeating: "a*", count: 500) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 1024)))
    }

    /// Every pattern and text of up to five letters, against the definition.
    @Test func `matches what the definition matches`() {
        let patterns = words(of: ["a", "b", "*", "?"], upTo: 4)
        let texts = words(of: ["a", "b"], upTo: 4)
        for pattern in patterns {
            let wildcard = Wildcard(pattern)
            for text in texts where wildcard.matches(text) != defined(pattern[...], text[...]) {
                Issue.record("\(pattern) on \(text)")
            }
        }
    }

    private func words(of letters: [String], upTo length: Int) -> [String] {
        var words = [""]
        var longest = words
        for _ in 0..<length {
            longest = longest.flatMap { word in letters.map { word + $0 } }
            words += longest
        }
        return words
    }

    private func defined(_ pattern: Substring, _ text: Substring) -> Bool {
        switch pattern.first {
        case nil: text.isEmpty
        case "*":
            defined(pattern.dropFirst(), text)
                || !text.isEmpty && defined(pattern, text.dropFirst())
        case "?": !text.isEmpty && defined(pattern.dropFirst(), text.dropFirst())
        case let letter: text.first == letter && defined(pattern.dropFirst(), text.dropFirst())
        }
    }
}
