import Daemon
import Testing

@Suite struct EnvironmentFileTests {
    @Test(arguments: [
        ("A=b", "b"),
        ("  A = b  ", "b"),
        ("export A=b", "b"),
        ("A=b # a comment", "b"),
        ("A=b#c", "b#c"),
        ("A=#c", nil),
        ("A=a=b", "a=b"),
        (#"A="a b" # a comment"#, "a b"),
        (#"A="a \"b\" \\ \n""#, "a \"b\" \\ \n"),
        (#"A='a "b" \n $HOME'"#, #"a "b" \n $HOME"#),
        ("A=", nil),
        ("A=''", nil),
        ("# A=b", nil),
        ("\n\r\n\t\nA=b\r\n", "b"),
        ("A=b\nA=c", "c"),
        ("A=wJalrXUtnFEMI/K7MDENG+bPxRfiCY==", "wJalrXUtnFEMI/K7MDENG+bPxRfiCY=="),
    ])
    func `a line is a name, an equals sign and a value`(text: String, value: String?) throws {
        #expect(try EnvironmentFile.parse(text, named: "x")["A"] == value)
    }

    @Test(arguments: ["A", "=b", "1A=b", "A B=c", "A='b", "A=\"b", "A=\"b\\", "A='b' c", "Ä=b"])
    func `a line that is anything else is refused by its number`(line: String) {
        let error = #expect(throws: Refusal.self) {
            try EnvironmentFile.parse("# first\n\(line)", named: "my.env")
        }
        #expect(error?.description == "my.env, line 2: this is not NAME=value.")
    }

    @Test func `a file with a misspelt setting is refused, one with an application's is not`()
        throws
    {
        let folder = try TemporaryFolder()
        let good = try folder.file("good.env", "PAIL_PORT=1\nDJANGO_DEBUG=1\n")
        let bad = try folder.file("bad.env", "PAIL_PROT=1\n")

        #expect(try EnvironmentFile.read(good)["PAIL_PORT"] == "1")
        let error = #expect(throws: Refusal.self) { try EnvironmentFile.read(bad) }
        #expect(error?.description.contains("PAIL_PROT") == true)
    }

    @Test func `a file that is not there is refused`() {
        let error = #expect(throws: Refusal.self) { try EnvironmentFile.read("/nowhere/x.env") }
        #expect(error?.description.contains("No such file") == true)
    }
}
