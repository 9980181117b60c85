import Glibc

/// Where a command's words go: the standard output, or a test.
public struct CommandOutput: Sendable {
    /// Whether a person looks at it as it comes.
    public let isTerminal: Bool
    private let print: @Sendable (String) -> Void

    /// An output that hands its text to a closure.
    public init(isTerminal: Bool, print: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.print = print
    }

    /// The process's standard output.
    public static var standard: CommandOutput {
        CommandOutput(isTerminal: isatty(STDOUT_FILENO) == 1) { text in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = unsafe rest.withUnsafeBytes { bytes in
                    unsafe write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
                }
                // Nobody reads: there is nobody to tell.
                if count < 0 && errno != EINTR { return }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    /// Writes a line.
    func line(_ text: String) { print(text + "\n") }

    /// Writes a line over the line before, where a person looks.
    func status(_ text: String) {
        if isTerminal { print("\r\u{1B}[K" + text) }
    }
}
