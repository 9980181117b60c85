import Testing

@testable import GalleryWeb

@Suite struct PasswordRulesTests {
    @Test(arguments: [
        ("short12", "too short"), ("12345678", "entirely numeric"), ("Gatekeeper", "too similar"),
        ("gatekeeper99", "too similar"), (String(repeating: "x", count: 1001), "longer than 1000"),
    ])
    func `a weak password is refused with its reason`(password: String, reason: String) {
        let problems = PasswordRules.problems(with: password, of: "gatekeeper")

        #expect(problems.count == 1 && problems[0].contains(reason))
    }

    @Test(arguments: ["long enough", "gatekeeper has a cat", "密码密码密码密码", "1234567a"])
    func `a good password is taken`(password: String) {
        #expect(PasswordRules.problems(with: password, of: "gatekeeper").isEmpty)
    }

    @Test func `all that is wrong is said at once`() {
        #expect(PasswordRules.problems(with: "123", of: "123").count == 3)
    }

    @Test func `a name is cut where no user's name goes on`() {
        #expect(PasswordRules.cut(name: "keeper") == "keeper")
        let long = String(repeating: "e\u{301}", count: 40_000)
        #expect(PasswordRules.cut(name: long).unicodeScalars.count == 151)
    }

    @Test(arguments: [
        ("", false), ("keeper", true), ("käthe@example.com", true), ("a b", false), ("<b>", false),
        (String(repeating: "x", count: 150), true), (String(repeating: "x", count: 151), false),
    ])
    func `a name is judged`(name: String, isGood: Bool) {
        #expect(PasswordRules.problems(withName: name).isEmpty == isGood)
    }
}
