public import ObjectStore
import Policy

/// What `pail check` prints.
public struct CheckText {
    private let report: CheckReport
    private let rebuilt: RebuildReport?

    /// Prepares a report, and what was rebuilt before it where something was.
    public init(_ report: CheckReport, rebuilt: RebuildReport? = nil) {
        self.report = report
        self.rebuilt = rebuilt
    }

    /// Whether nothing is wrong, and nothing was lost on the way.
    public var isWell: Bool {
        report.findingCount == 0 && rebuilt.map { $0.setAside.isEmpty && $0.lost.isEmpty } ?? true
    }

    /// One line of JSON.
    public var json: String {
        JSON.object([
            "blobs": .integer(report.blobs), "bytes": .integer(report.bytes),
            "locked": .integer(report.locked), "findingCount": .integer(report.findingCount),
            "findings": .array(report.findings.map(\.json)), "rebuilt": rebuilt?.json,
        ]).text
    }

    /// Lines for people.
    public var text: String { (rebuiltLines + reportLines).joined(separator: "\n") }

    private var reportLines: [String] {
        var lines = report.findings.map(Self.line)
        let untold = report.findingCount - Int64(report.findings.count)
        if untold > 0 { lines.append("and \(untold) more of the kind") }
        lines.append("\(report.blobs) blobs, \(ByteText.short(report.bytes)) compared.")
        if report.locked > 0 {
            lines.append(
                "\(report.locked) blobs are encrypted under keys that are not here; their bytes were not compared."
            )
        }
        lines.append(
            report.findingCount == 0 ? "All is well." : "\(report.findingCount) findings."
        )
        return lines
    }

    private var rebuiltLines: [String] {
        guard let rebuilt else { return [] }
        var lines: [String] = []
        if let old = rebuilt.oldIndex {
            lines.append(
                "The old index is kept as \(old); \(rebuilt.salvagedRows) of its rows could be read."
            )
        } else {
            lines.append("There was no old index.")
        }
        if !rebuilt.damagedTables.isEmpty {
            lines.append(
                "Not read to their ends: \(rebuilt.damagedTables.joined(separator: ", "))."
            )
        }
        lines.append("\(rebuilt.rebuiltVersions) objects were made anew from their blobs' records.")
        if !rebuilt.rebuiltBuckets.isEmpty {
            lines.append(
                "Buckets made anew, closed to the public: \(rebuilt.rebuiltBuckets.joined(separator: ", "))."
            )
        }
        lines += rebuilt.setAside.map(Self.line)
        if !rebuilt.lost.isEmpty {
            lines.append(
                "What only the old index knew, and is lost as far as it could not be read:"
            )
            lines += rebuilt.lost.map { "  - \($0)" }
        }
        return lines
    }

    private static func line(_ finding: Finding) -> String {
        var line = finding.kind.rawValue
        if let blob = finding.blob { line += " \(blob)" }
        line += ": \(finding.detail)"
        if !finding.objects.isEmpty {
            line += " (\(finding.objects.map(printable).joined(separator: ", ")))"
        }
        return line + (finding.remedy.map { "; \($0)" } ?? "")
    }

    /// A key may hold what a terminal would take for an order.
    private static func printable(_ text: String) -> String {
        var quoted = ""
        JSON.quote(text, into: &quoted)
        return String(quoted.dropFirst().dropLast())
    }
}

extension BackupReport {
    /// Whether all that the index names is in it.
    public var isWhole: Bool { missing.isEmpty }

    /// Lines for people.
    public func text(folder: String) -> String {
        let copied = blobs - linked
        var lines = [
            "\(blobs) blobs, \(ByteText.short(bytes)): \(linked) linked, \(copied) copied.",
            "Start on it with: pail serve --data \(Shell.quote(folder))",
        ]
        if !missing.isEmpty {
            lines.insert(
                "\(missing.count) blobs that the index names are not there; pail check says whose they are.",
                at: 0
            )
        }
        return lines.joined(separator: "\n")
    }
}

/// Numbers of bytes for people.
enum ByteText {
    /// In the largest unit of which there is one.
    static func short(_ bytes: Int64) -> String {
        var value = Double(bytes)
        var unit = "B"
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
            value /= 1024
            unit = next
        }
        guard unit != "B" else { return "\(bytes) B" }
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
