import Testing

/// An operation is one file in `Operations/` and one line in the list.
@Suite struct OperationsTests {
    let files = Repository.sources
        .filter { $0.path.hasPrefix("Sources/S3Service/Operations/") }
        .map(\.operationName)
    let listed =
        Repository.sources
        .first { $0.path == "Sources/S3Service/Operations.swift" }?.listedTypes ?? []

    @Test func `every operation's file is in the list`() {
        expectNone(
            Set(files).subtracting(listed).sorted(),
            "Name these in Sources/S3Service/Operations.swift, or no request will ever reach them."
        )
    }

    @Test func `every operation in the list has its own file`() {
        expectNone(
            Set(listed).subtracting(files).sorted(),
            "Each belongs into a file of its own name in Sources/S3Service/Operations/."
        )
    }

    @Test func `no operation is listed twice`() {
        let counts = Dictionary(grouping: listed, by: \.self).filter { $0.value.count > 1 }
        expectNone(counts.keys.sorted(), "The second can never be reached.")
    }
}

/// What the compatibility table tells people is what the code does.
@Suite(.enabled(if: FileOf.rows != nil, "there is no table of refusals to compare with"))
struct CompatibilityTests {
    let answered = FileOf.operations?.listedTypes ?? []
    let refused =
        (FileOf.rows?.quotedNames ?? [])
        + (FileOf.refusals?.lines.filter { $0.contains("let others") } ?? [])
        .flatMap { SourceFile($0).quotedNames }

    @Test func `the table of answered operations is the list of operations`() {
        let told = FileOf.compatibility?.names(under: "## Answered") ?? []
        #expect(told.sorted() == answered.sorted())
    }

    @Test func `the table of refused operations is the table of refusals`() {
        let told = FileOf.compatibility?.names(under: "## Refused") ?? []
        #expect(told.sorted() == Set(refused).sorted())
    }
}

/// The files that this suite compares.
private enum FileOf {
    static let operations = source("Operations.swift")
    static let refusals = source("Refusals/Unimplemented.swift")
    static let rows = source("Refusals/Unimplemented+rows.swift")
    static let compatibility = SourceFile(path: "docs/compatibility.md", under: Repository.root)

    private static func source(_ name: String) -> SourceFile? {
        Repository.sources.first { $0.path == "Sources/S3Service/\(name)" }
    }
}

extension SourceFile {
    /// The words in quotation marks that are spelled as AWS spells an operation.
    var quotedNames: [String] {
        lines.map(\.code).flatMap { line in
            line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map(\.element)
                .filter { $0.first?.isUppercase == true }
                .map(String.init)
        }
    }

    /// The code words of the tables in a chapter of a document.
    func names(under heading: String) -> [String] {
        guard let start = lines.firstIndex(of: heading) else { return [] }
        return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }
            .filter { $0.hasPrefix("| ") }
            .flatMap { line in
                line.split(separator: "|").first.map(String.init)?
                    .split(separator: "`", omittingEmptySubsequences: false).enumerated()
                    .filter { $0.offset % 2 == 1 }.map { String($0.element) } ?? []
            }
    }

    /// The operation that a file belongs to: `CopyObject+conditions.swift` is part of `CopyObject`.
    var operationName: String { String(name.prefix { $0 != "." && $0 != "+" }) }

    /// The types whose `.self` the file names, in order.
    var listedTypes: [String] {
        lines.flatMap { line in
            line.code.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }
                .filter { $0.hasSuffix(".self") }
                .map { String($0.dropLast(".self".count)) }
        }
    }
}
