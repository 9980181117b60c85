import Foundation

/// A text file of the repository and what the rules ask about it.
struct SourceFile: CustomStringConvertible, Sendable {
    /// Where it lies, from the root of the repository: `Sources/Signing/SigningKey.swift`.
    let path: String
    let lines: [String]

    /// A file that a self-test makes up.
    init(path: String = "Sources/Example/Example.swift", _ text: String) {
        self.path = path
        self.lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// A file on disk, or `nil` where there is none.
    init?(path: String, under root: URL) {
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8) else {
            return nil
        }
        // The newline that ends a file does not begin a line.
        self.init(path: path, text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }

    var description: String { path }
    var name: String { (path as NSString).lastPathComponent }
    var isSwift: Bool { path.hasSuffix(".swift") }

    /// The folder below `Sources` or `Tests` that holds it: the name of its target.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The modules that it imports, each with its line number.
    var imports: [(line: Int, module: String)] {
        lines.enumerated().compactMap { index, line in
            let words = line.code.split(separator: " ")
            guard let at = words.firstIndex(of: "import"),
                words[..<at].allSatisfy({
                    $0.hasPrefix("@") || importModifiers.contains(String($0))
                })
            else { return nil }
            let name = words[(at + 1)...].first { !importKinds.contains(String($0)) }
            return name.map { (index + 1, String($0.prefix { $0 != "." })) }
        }
    }

    /// The places whose code, comments left out, contains one of some words: `path:line: text`.
    func places(ofCode words: [String]) -> [String] {
        places { line in words.contains { line.code.contains($0) } }
    }

    /// The places, comments included, that a condition holds for: `path:line: text`.
    func places(where isFound: (String) -> Bool) -> [String] {
        lines.indices.filter { isFound(lines[$0]) }.map { place($0) }
    }

    /// How a message names one line.
    func place(_ index: Int) -> String {
        "\(path):\(index + 1): \(lines[index].trimmingCharacters(in: .whitespaces))"
    }
}

private let importModifiers: Set = ["public", "package", "internal", "fileprivate", "private"]
private let importKinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
]

extension String {
    /// The line without its indentation and its `//` comment.
    var code: String {
        var isInString = false
        var previous: Character = " "
        var end = endIndex
        for index in indices {
            let character = self[index]
            if character == "\"", previous != "\\" { isInString.toggle() }
            if !isInString, character == "/", previous == "/" {
                end = self.index(before: index)
                break
            }
            previous = character
        }
        return self[..<end].trimmingCharacters(in: .whitespaces)
    }

    /// How many spaces it begins with.
    var indentation: Int { prefix { $0 == " " }.count }
}
