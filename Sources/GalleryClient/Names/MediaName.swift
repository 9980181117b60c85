/// The rules for names of stored files.
///
/// They are those of Django's `validate_file_name`, made strict: a name that Django would bring into a
/// form of its own (`a//b`, `./a`, `a\b`) is refused, so that one file has one name, in a bucket as in a folder.
///
/// [Django's file names](https://github.com/django/django/blob/main/django/core/files/utils.py)
public enum MediaName {
    /// The longest name in bytes of UTF-8, together with the storage's location: S3's limit for a key.
    ///
    /// [Object key names](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html)
    public static let longest = 1024

    /// Checks a name.
    ///
    /// - Parameters:
    ///   - name: The name, relative, with `/` between folders.
    ///   - prefix: What the storage puts before it, counted into its length.
    /// - Throws: ``StorageError`` with the kind ``StorageError/Kind/invalidName``, which says what is wrong.
    public static func validate(_ name: String, prefix: String = "") throws(StorageError) {
        guard let fault = fault(of: name, prefix: prefix) else { return }
        throw StorageError(
            .invalidName,
            message: "\(quoted(name)) cannot be a file's name: it \(fault).",
            advice: "Names look like images/cat.jpg."
        )
    }

    /// Checks the name of a folder and brings it into one form.
    ///
    /// - Parameter folder: The name, with or without a slash at its end; empty for the top.
    /// - Returns: What the names of its files begin with: empty, or ending with a slash.
    /// - Throws: ``StorageError`` with the kind ``StorageError/Kind/invalidName``.
    static func folderPrefix(_ folder: String) throws(StorageError) -> String {
        guard !folder.isEmpty else { return "" }
        let bare = folder.utf8.last == slash ? String(folder.unicodeScalars.dropLast()) : folder
        try validate(bare)
        return bare + "/"
    }

    private static func fault(of name: String, prefix: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count + prefix.utf8.count > longest {
            return "is longer than \(longest) bytes"
        }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "has control characters"
        }
        if name.utf8.contains(UInt8(ascii: "\\")) { return "has a backslash" }
        if name.utf8.first == slash { return "begins with a slash" }
        if name.utf8.last == slash { return "ends with a slash" }
        return fault(ofParts: parts(name).map(Array.init))
    }

    private static func fault(ofParts parts: [[UInt8]]) -> String? {
        let dot = UInt8(ascii: ".")
        if parts.contains([dot, dot]) { return "leaves its place with “..”" }
        if parts.contains([]) { return "has a folder without a name" }
        return parts.contains([dot]) ? "has a part “.”" : nil
    }

    /// The parts between slashes.
    ///
    /// By bytes, as a kernel sees them: to Swift's characters, a slash with an accent on it is no slash.
    static func parts(_ name: String) -> [Substring.UTF8View] {
        name.utf8.split(separator: slash, omittingEmptySubsequences: false)
    }

    private static let slash = UInt8(ascii: "/")

    /// A name in quotation marks, short and without what could change how a line of text looks.
    static func quoted(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(longestShown).map { scalar in
            scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
        }
        return "“\(shown.joined())\(name.unicodeScalars.count > longestShown ? "…" : "")”"
    }

    /// How much of a name a message shows: enough to know it by, and still a line.
    private static let longestShown = 120
}
