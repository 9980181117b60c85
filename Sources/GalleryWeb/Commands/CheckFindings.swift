import GalleryClient
import Synchronization

/// What a check finds, told line by line.
final class CheckFindings: Sendable {
    private let output: CommandOutput
    private let failures = Mutex(0)

    init(_ output: CommandOutput) { self.output = output }

    /// What a setting leads to.
    func says(_ what: String, _ text: String) { output.line("      \(what): \(text)") }

    /// What was tried and worked.
    func works(_ what: String, _ text: String = "") {
        output.line("ok    \(what)\(text.isEmpty ? "" : ": \(text)")")
    }

    /// What works and still needs a look.
    func warns(_ what: String, _ text: String, advice: String) {
        output.line("look  \(what): \(text)")
        output.line("      \(advice)")
    }

    /// What does not work, and what to do about it.
    func failed(_ what: String, _ error: any Error, advice: String = "") {
        failures.withLock { $0 += 1 }
        guard let error = error as? StorageError else {
            output.line("FAIL  \(what): \(error)")
            if !advice.isEmpty { output.line("      \(advice)") }
            return
        }
        let code = error.code.isEmpty ? "" : " (\(error.code))"
        output.line("FAIL  \(what): \(error.message)\(code)")
        let advice = advice.isEmpty ? error.advice : advice
        if !advice.isEmpty { output.line("      \(advice)") }
    }

    /// Says how it ended.
    ///
    /// - Returns: The exit code.
    func end() -> Int32 {
        let failures = failures.withLock { $0 }
        output.line(failures == 0 ? "All is well." : "Something is wrong: see above.")
        return failures == 0 ? 0 : 1
    }
}
