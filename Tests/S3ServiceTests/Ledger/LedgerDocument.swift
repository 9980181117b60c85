@testable import S3Service

/// The parts of docs/compatibility.md that are made from the ledger, by the names that its markers have.
enum LedgerDocument {
    static let blocks: [(name: String, text: String)] = [
        ("counts", counts),
        ("enforced", operations(.enforced, heading: "operation", "what of it")),
        ("stored-only", operations(.storedOnly, heading: "operation", "what of it")),
        ("refused", operations(.refused, heading: "operation", "about")),
        ("settings", settings),
    ]

    /// A document with its blocks made anew; `nil` where it has not the markers of each.
    static func made(from document: String) -> String? {
        var document = document
        for block in blocks {
            guard let start = document.firstRange(of: "<!-- ledger: \(block.name) -->\n"),
                let end = document[start.upperBound...].firstRange(of: "<!-- end of ledger -->")
            else { return nil }
            document.replaceSubrange(start.upperBound..<end.lowerBound, with: block.text)
        }
        return document
    }

    private static var counts: String {
        func count(_ state: Ledger.State) -> Int {
            Ledger.operations.count { $0.state == state && $0.name != "PostObject" }
        }
        return """
            The public S3 model (botocore 1.44.8) has \(Ledger.operations.count - 1) operations. Pail carries out \
            \(count(.enforced)) of them and `PostObject`, the form that the model leaves out,
            only stores what \(count(.storedOnly)) are about, and refuses \(count(.refused)) by name.

            """
    }

    /// A table of the operations in a state; neighbours of which the same is said are one row.
    private static func operations(_ state: Ledger.State, heading: String...) -> String {
        var rows: [(names: [String], note: String)] = []
        for row in Ledger.operations where row.state == state {
            if let last = rows.indices.last, rows[last].note == row.note {
                rows[last].names.append(row.name)
            } else {
                rows.append(([row.name], row.note))
            }
        }
        let lines = rows.map { row in
            "| \(row.names.map { "`\($0)`" }.joined(separator: " ")) | \(row.note) |"
        }
        return table(heading, lines)
    }

    private static var settings: String {
        let lines = Ledger.settings.filter { $0.state != .enforced }.map { row in
            "| `\(row.name)` | \(row.state.rawValue) | \(row.note) |"
        }
        return table(["header or setting", "state", "why"], lines)
    }

    private static func table(_ heading: [String], _ lines: [String]) -> String {
        let rule = "|" + heading.map { _ in "---|" }.joined()
        return (["| \(heading.joined(separator: " | ")) |", rule] + lines).map { $0 + "\n" }
            .joined()
    }
}
