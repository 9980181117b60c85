import Foundation

/// A function, initialiser or computed property, from its first line to its closing brace.
struct Function: CustomStringConvertible, Equatable {
    let path: String
    let line: Int
    let length: Int
    let declaration: String

    var description: String { "\(path):\(line): \(length) lines: \(declaration)" }
}

extension SourceFile {
    /// The functions of a formatted file.
    ///
    /// `swift format` makes this simple: a body that opens in a declaration at one indentation ends
    /// at the next closing brace of the same indentation.
    var functions: [Function] {
        lines.indices.compactMap { start in
            let code = lines[start].code
            guard declaresFunction(code), let end = endOfBody(from: start) else { return nil }
            return Function(
                path: path,
                line: start + 1,
                length: end - start + 1,
                declaration: code
            )
        }
    }

    /// The line of the closing brace, or `nil` where there is no body (a protocol's requirement).
    private func endOfBody(from start: Int) -> Int? {
        let indentation = lines[start].indentation
        var isOpen = false
        for index in start..<lines.count {
            let code = lines[index].code
            if code.isEmpty { continue }
            let isOuter = lines[index].indentation <= indentation
            if isOpen {
                if isOuter, code.hasPrefix("}") { return index }
            } else if index == start || isOuter {
                if code.hasSuffix("}"), code.contains("{") { return index }
                isOpen = code.hasSuffix("{")
                let goesOn = index == start || code.hasPrefix(")") || code.hasPrefix("where ")
                if !isOpen, !goesOn { return nil }
            }
        }
        return nil
    }
}

/// Whether a line begins a declaration that may have a body of statements.
private func declaresFunction(_ code: String) -> Bool {
    for word in code.split(separator: " ") {
        let name = word.prefix { $0.isLetter }
        if ["func", "init", "deinit", "subscript", "var"].contains(name) { return true }
        guard word.hasPrefix("@") || modifiers.contains(String(name)) else { return false }
    }
    return false
}

private let modifiers: Set = [
    "public", "package", "internal", "fileprivate", "private", "static", "class", "final",
    "override", "mutating", "nonmutating", "consuming", "borrowing", "nonisolated", "convenience",
    "required", "lazy", "isolated", "unsafe", "weak", "unowned",
]
