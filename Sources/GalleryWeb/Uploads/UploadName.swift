import GalleryClient

/// The name under which an upload is stored.
enum UploadName {
    /// The most characters before the extension: room for the storage's own additions on any file system.
    static let maximumLength = 100

    /// A name that says the same as the sender's and is harmless everywhere: letters, digits, `-`, `_` and `.`.
    ///
    /// The extension is one that the image's format has, whatever the sender called it, so that nobody is told
    /// that a picture is a page.
    static func make(_ fileName: String, extensions: [String]) -> String {
        let parts = fileName.split(separator: ".", omittingEmptySubsequences: false)
        let given = parts.count > 1 ? (parts.last ?? "").lowercased() : ""
        let isRight = extensions.contains(given)
        let stem = isRight ? parts.dropLast().joined(separator: ".") : fileName
        let cleaned = trimmed((try? MediaName.clean(upload: stem)) ?? "")
        let name = cleaned.isEmpty ? "image" : cleaned
        guard let usual = extensions.first else { return name }
        return "\(name).\(isRight ? given : usual)"
    }

    /// Dots at the start would hide a file, and those at the end look like an extension.
    private static func trimmed(_ name: String) -> String {
        let start = name.drop { $0 == "." }.prefix(maximumLength)
        return String(start.reversed().drop { $0 == "." }.reversed())
    }
}
