public import Digests

extension MediaName {
    /// How many names are tried where one is taken: with 62⁷ alternatives, the second try practically never fails.
    static let alternatives = 20
    /// How many random characters tell a name from one that is taken; Django's number.
    private static let tokenLength = 7
    private static let letters = Array(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".unicodeScalars
    )

    /// Another name for a file whose own is taken: `images/cat.jpg` becomes `images/cat_49vpCh7.jpg`.
    ///
    /// Where the name would grow too long, its root is cut, never its extension.
    ///
    /// [Django's `get_alternative_name`](https://docs.djangoproject.com/en/stable/howto/custom-file-storage/)
    ///
    /// - Parameters:
    ///   - name: The name that is taken; a valid one.
    ///   - prefix: What the storage puts before it, counted into its length.
    ///   - random: Where the characters come from.
    /// - Returns: A valid name, which may be taken too.
    /// - Throws: ``StorageError`` with the kind ``StorageError/Kind/invalidName`` where nothing would be left of the root.
    public static func alternative(
        to name: String,
        prefix: String = "",
        random: any RandomSource
    ) throws(StorageError) -> String {
        let slash = name.unicodeScalars.lastIndex(of: "/")
        let base = slash.map { name.unicodeScalars.index(after: $0) } ?? name.startIndex
        let folder = name[..<base]
        var (root, suffix) = split(name[base...])
        let token = token(random)
        let rest = prefix.utf8.count + folder.utf8.count + 1 + token.utf8.count + suffix.utf8.count
        while !root.isEmpty, root.utf8.count + rest > longest { root.removeLast() }
        guard !root.isEmpty else {
            throw StorageError(
                .invalidName,
                message: "No free name of at most \(longest) bytes can be made of \(quoted(name)).",
                advice: "Give the file a shorter name."
            )
        }
        return "\(folder)\(root)_\(token)\(suffix)"
    }

    /// Divides a name without folders as Python's `PurePath.suffixes` does: `a.tar.gz` has `.tar.gz`, `.hidden` nothing.
    private static func split(_ base: Substring) -> (root: Substring, suffix: Substring) {
        guard !base.hasSuffix("."), let start = base.firstIndex(where: { $0 != "." }),
            let dot = base[start...].firstIndex(of: ".")
        else { return (base, "") }
        return (base[..<dot], base[dot...])
    }

    private static func token(_ random: any RandomSource) -> String {
        var token = ""
        // A byte beyond the last whole run of letters would make the first of them likelier.
        let fair = letters.count * (256 / letters.count)
        while token.utf8.count < tokenLength {
            for byte in random.bytes(tokenLength)
            where Int(byte) < fair && token.utf8.count < tokenLength {
                token.unicodeScalars.append(letters[Int(byte) % letters.count])
            }
        }
        return token
    }
}
