import Foundation
import Testing

/// Words that have no place in code that reads from a network, or that wait for somebody.
@Suite struct SafetyTests {
    let sources = Repository.sources.filter(\.isSwift)

    @Test func `no source traps where it could throw`() {
        expectNone(
            sources.flatMap { $0.places(ofCode: trapping) },
            "A trap ends every connection at once: throw, or return an error."
        )
    }

    @Test func `no source imports Foundation`() {
        let offenders = sources.flatMap { file in
            file.imports.filter { $0.module == "Foundation" }.map { file.place($0.line - 1) }
        }
        expectNone(offenders, "It makes a static `pail` four times as large.")
    }

    @Test func `what is unchecked says why`() {
        expectNone(
            sources.flatMap(\.unexplainedUncheckedPlaces),
            "Write the reason into a comment beside it or on the line above."
        )
    }

    @Test func `nothing is left for later`() {
        expectNone(
            Repository.everything.flatMap { $0.places { $0.isLeftForLater } },
            "Do it, or open an issue."
        )
    }

    @Test func `each command says its own name`() {
        let silent = sources.filter { file in
            let code = file.target == "pail" ? file.lines.map(\.code).joined() : ""
            let configured = code.components(separatedBy: "CommandConfiguration(").dropFirst()
            return configured.contains { !$0.hasPrefix("commandName:") }
        }
        expectNone(
            silent.map(\.description),
            "ArgumentParser makes a name of a type's by a look through all conformances: a third of a start."
        )
    }

    @Test func `no test sleeps`() {
        let sleeping = Repository.tests.flatMap { $0.places { $0.code.sleeps } }
        expectNone(sleeping, "Turn the manual clock, or wait for what the test waits for.")
    }
}

private let trapping = ["try!", "as!", "fatalError("]

extension SourceFile {
    /// The places that step around the compiler's checks without a comment.
    var unexplainedUncheckedPlaces: [String] {
        lines.indices
            .filter { index in
                let code = lines[index].code
                return
                    (code.contains("@unchecked Sendable") || code.contains("nonisolated(unsafe)"))
                    && !isExplained(at: index)
            }
            .map { place($0) }
    }

    private func isExplained(at index: Int) -> Bool {
        if lines[index].contains("//") { return true }
        // An attribute may stand between a declaration and its comment.
        let above = lines[..<index].last { !$0.code.hasPrefix("@") } ?? ""
        return above.contains("//")
    }
}

extension String {
    /// Whether it holds one of the words by which people mark what they did not finish.
    var isLeftForLater: Bool {
        // Spelled in halves, so that this file passes its own rule.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        guard marks.contains(where: contains) else { return false }
        return split { !$0.isLetter }.contains { marks.contains(String($0)) }
    }

    /// Whether it calls a function that sleeps, in Swift or in Python.
    var sleeps: Bool { contains("sleep" + "(") }
}
