/// Files of `NAME=value` lines, as `.env` files are.
///
/// Empty lines and lines that begin with `#` say nothing; `export ` before a name is skipped. A value
/// in single quotes is taken as it is; in double quotes a backslash escapes the character after it.
/// A bare value ends at ` #`. Nothing is expanded.
public enum EnvironmentFile {
    /// The longest file that is read, in bytes.
    static let maximumSize = 1 << 20

    /// Reads the lines of a file.
    ///
    /// - Throws: ``Refusal`` that names the line that is not understood.
    public static func parse(_ text: String, named file: String) throws(Refusal) -> Environment {
        var variables: [String: String] = [:]
        for (index, line) in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        .enumerated() {
            let line = line.trimmed
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let (name, value) = assignment(line) else {
                throw Refusal("\(file), line \(index + 1): this is not NAME=value.")
            }
            variables[name] = value
        }
        return Environment(variables)
    }

    /// Reads a file of settings.
    ///
    /// - Throws: ``Refusal`` where it cannot be read, has a line that is not understood, or a
    ///   `PAIL_` name that means nothing: a misspelt setting must not pass for a default.
    public static func read(_ path: String) throws(Refusal) -> Environment {
        let text: String
        do { text = try FileText.read(path, limit: maximumSize) } catch {
            throw Refusal("The configuration file \(path) cannot be read: \(error).")
        }
        let file = try parse(text, named: path)
        let known = Set(Setting.allCases.map(\.variable))
        if let name = file.names.sorted().first(where: {
            $0.hasPrefix("PAIL_") && !known.contains($0)
        }) {
            throw Refusal("\(path): there is no setting \(name).")
        }
        return file
    }

    private static func assignment(_ line: Substring) -> (name: String, value: String)? {
        let line = line.hasPrefix("export ") ? line.dropFirst(7).trimmed : line
        guard let equals = line.firstIndex(of: "=") else { return nil }
        let name = line[..<equals].trimmed
        guard let first = name.first, first.isLetter || first == "_",
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }),
            let value = value(line[line.index(after: equals)...].trimmed)
        else { return nil }
        return (String(name), value)
    }

    private static func value(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else {
            return String(bare(text))
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote {
                let rest = rest.trimmed
                return rest.isEmpty || rest.hasPrefix("#") ? value : nil
            }
            if character == "\\", quote == "\"" {
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped == "n" ? "\n" : escaped)
            } else {
                value.append(character)
            }
        }
        return nil
    }

    private static func bare(_ text: Substring) -> Substring {
        var previous: Character = " "
        for index in text.indices {
            if text[index] == "#", previous == " " || previous == "\t" {
                return text[..<index].trimmed
            }
            previous = text[index]
        }
        return text
    }
}

extension Substring {
    /// The text without white space at its ends.
    fileprivate var trimmed: Substring {
        var text = self.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
