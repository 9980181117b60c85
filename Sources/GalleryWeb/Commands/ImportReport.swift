/// What an import did.
public struct ImportReport: Sendable, Hashable {
    /// A file that is not stored.
    public struct Failure: Sendable, Hashable {
        /// Its name in the folder.
        public let name: String
        /// Why.
        public let reason: String
    }

    /// How many files were uploaded.
    public var uploaded = 0
    /// How many bytes these have.
    public var uploadedBytes: Int64 = 0
    /// How many files were stored already.
    public var alreadyThere = 0
    /// Files that are not stored, in the order of their names.
    public var failures: [Failure] = []
    /// What was not imported: hidden files, links and the like.
    public var leftOut: [String] = []

    /// 0 where every file is stored now.
    public var exitCode: Int32 { failures.isEmpty ? 0 : 1 }

    /// The outcome for a person.
    var lines: [String] {
        var lines = failures.map { "Failed: \($0.name): \($0.reason)" }
        if !leftOut.isEmpty {
            lines.append("Left out: \(leftOut.count) hidden files, links and the like.")
        }
        let bytes = Megabytes.text(uploadedBytes)
        lines.append(
            "Uploaded \(uploaded) files (\(bytes)); \(alreadyThere) were there already; "
                + "\(failures.count) failed."
        )
        return lines
    }
}

/// Bytes for people.
enum Megabytes {
    /// Megabytes with one decimal.
    static func text(_ bytes: Int64) -> String {
        let tenths = bytes / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
