import Testing

/// No promise in docs/reliability.md without its test, and no such test that was not seen to fail.
@Suite struct PromiseTests {
    private let document = SourceFile(path: "docs/reliability.md", under: Repository.root)

    @Test func `each promise names its test, and what is found when it is broken`() throws {
        let document = try #require(document)
        #expect(document.promises.count > 20)
        expectNone(
            document.promises.filter { !$0.isComplete }.map { document.place($0.line) },
            "The second column names a test, the third what that test finds when the promise is broken."
        )
    }

    @Test func `every test that the document names is there`() throws {
        let document = try #require(document)
        #expect(document.lines.flatMap(\.namedTests).count > 20)
        expectNone(
            document.places { line in !line.namedTests.allSatisfy(isThere) },
            "One of the tests that these lines name is not there."
        )
    }

    @Test(arguments: [
        ("| it holds | `make crash` | a proxy: `lost` |", true),
        ("| it holds | `swift test --filter ScannerTests` | a double |", true),
        ("| it holds | believe us | a double |", false),
        ("| it holds | `make crash` | |", false),
        ("| it holds | `make crash` |", false),
    ])
    func `a promise without a test is told from one with a test`(row: String, isComplete: Bool) {
        let document = SourceFile("| promise | test | seen |\n|---|---|---|\n\(row)\n\n\(row)")
        #expect(document.promises.map(\.isComplete) == [isComplete])
    }

    @Test(arguments: [
        ("`ScannerTests`", true), ("`NobodysTests`", false), ("`Tests/TidyTests`", true),
        ("`test_crash.py`", true), ("`test_nothing.py`", false), ("`hostile_cases_*.py`", true),
        ("`make crash ARGS=\"--seed 7\"`", true), ("`make peace`", false),
        ("`run.sh -k system_calls`", true), ("`run.sh -k witchcraft`", false),
    ])
    func `a test that is there is told from one that is not`(text: String, exists: Bool) {
        #expect(text.namedTests.count == 1)
        #expect(text.namedTests.allSatisfy(isThere) == exists)
    }

    private func isThere(_ test: String) -> Bool {
        if let target = test.after("make ") {
            let makefile = SourceFile(path: "Makefile", under: Repository.root)
            return makefile?.lines.contains { $0.hasPrefix("\(target):") } ?? false
        }
        if let word = test.after("-k ") {
            return Repository.tests.contains { file in
                file.name.hasPrefix("test_")
                    && (file.name.contains(word)
                        || file.lines.contains { $0.hasPrefix("def test_") && $0.contains(word) })
            }
        }
        let name = test.hasSuffix(".py") ? test : "\(test).swift"
        let ends = name.split(separator: "*", maxSplits: 1).map(String.init)
        return Repository.tests.contains {
            $0.target == test
                || $0.name.hasPrefix(ends.first ?? name) && $0.name.hasSuffix(ends.last ?? name)
        }
    }
}

/// A row of a table whose first column is headed `promise`.
private struct Promise {
    /// Where it stands, from 0.
    let line: Int
    let cells: [String]

    var isComplete: Bool {
        cells.count == 3 && !cells.contains("") && !cells[1].namedTests.isEmpty
    }
}

extension SourceFile {
    fileprivate var promises: [Promise] {
        var isInTable = false
        return lines.enumerated().compactMap { index, line in
            guard line.hasPrefix("|") else {
                isInTable = false
                return nil
            }
            if line.hasPrefix("| promise |") {
                isInTable = true
                return nil
            }
            guard isInTable, !line.hasPrefix("|--") else { return nil }
            let cells = line.split(separator: "|").map {
                $0.split(separator: " ").joined(separator: " ")
            }
            return Promise(line: index, cells: cells)
        }
    }
}

extension String {
    /// The tests that a line names between backticks: suites, files of Python, `make target`, `-k word`.
    fileprivate var namedTests: [String] {
        matches(of: /`([^`]+)`/).flatMap { match in
            let words = match.1.split(separator: " ").map(String.init)
            let suites = words.filter { $0.hasSuffix("Tests") || $0.hasSuffix(".py") }
            let pairs = zip(words, words.dropFirst()).filter { ["make", "-k"].contains($0.0) }
            return suites.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
                + pairs.map { "\($0.0) \($0.1)" }
        }
    }

    /// What follows a beginning, where the text has it.
    fileprivate func after(_ beginning: String) -> String? {
        hasPrefix(beginning) ? String(dropFirst(beginning.count)) : nil
    }
}
