import Glibc
public import ObjectStore
import Synchronization

/// A line at the foot of a terminal that says how far something is; nothing where there is no terminal.
public final class ProgressBar: Sendable {
    private static let width = 30
    private static let interval = Duration.milliseconds(100)

    private let isShown: Bool
    private let write: @Sendable (String) -> Void
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    /// Shows itself on standard error, where that is a terminal.
    public convenience init() {
        self.init(isShown: isatty(STDERR_FILENO) == 1) { text in
            let bytes = Array(text.utf8)
            _ = unsafe Glibc.write(STDERR_FILENO, bytes, bytes.count)
        }
    }

    init(isShown: Bool, write: @escaping @Sendable (String) -> Void) {
        self.isShown = isShown
        self.write = write
    }

    /// Says how far it is, a few times a second at most.
    @Sendable public func show(_ progress: WorkProgress) {
        guard isShown else { return }
        let now = ContinuousClock.now
        let isDue = last.withLock { last in
            guard last.map({ now - $0 >= Self.interval }) ?? true else { return false }
            last = now
            return true
        }
        if isDue { write("\r\(Self.line(progress))\u{1B}[K") }
    }

    /// Leaves the line empty for what is printed next.
    public func clear() {
        if isShown { write("\r\u{1B}[K") }
    }

    static func line(_ progress: WorkProgress) -> String {
        guard let total = progress.total, total > 0 else { return "\(progress.step) ..." }
        let part = min(1, max(0, Double(progress.done) / Double(total)))
        let filled = Int(part * Double(width))
        let bar =
            String(repeating: "#", count: filled)
            + String(repeating: ".", count: width - filled)
        return "[\(bar)] \(Int(part * 100)) % \(progress.step)"
    }
}
