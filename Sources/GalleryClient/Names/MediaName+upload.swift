extension MediaName {
    /// A clean name for a file that somebody uploads under a name of their own: Django's `get_valid_name`.
    ///
    /// Folders, of Unix or of Windows, are left out; spaces become underscores; what is no letter, no digit and
    /// none of `-`, `_`, `.` is left out. `C:\me\my cat (1).jpg` becomes `my_cat_1.jpg`.
    ///
    /// [Django's `get_valid_filename`](https://docs.djangoproject.com/en/stable/ref/utils/)
    ///
    /// - Parameter name: The name as it came, such as a form's `filename`.
    /// - Returns: The clean name, without folders.
    /// - Throws: ``StorageError`` with the kind ``StorageError/Kind/invalidName`` where nothing is left of it.
    public static func clean(upload name: String) throws(StorageError) -> String {
        let parts = name.unicodeScalars.split(omittingEmptySubsequences: false) {
            $0 == "/" || $0 == "\\"
        }
        var kept = String.UnicodeScalarView()
        for scalar in trimmed(parts.last ?? Substring().unicodeScalars) {
            if scalar == " " { kept.append("_") } else if isWordy(scalar) { kept.append(scalar) }
        }
        let clean = String(kept)
        guard !["", ".", ".."].contains(clean) else {
            throw StorageError(
                .invalidName,
                message: "No file name can be made of \(quoted(name)).",
                advice: "Give the file a name with letters or digits."
            )
        }
        return clean
    }

    private static func trimmed(
        _ scalars: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView {
        var rest = scalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return rest
    }

    /// What Python's `[-\w.]` matches.
    private static func isWordy(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "-" || scalar == "." || scalar == "_" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return true
        default: return scalar.properties.numericType != nil
        }
    }
}
