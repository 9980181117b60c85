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

extension SourceFile {
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
