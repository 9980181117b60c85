import ObjectStore
import Synchronization

/// Work that takes long, and whose progress somebody else is told of.
enum LongWork {
    /// How often to tell: often enough for a person, and for a connection not to be taken for an idle one.
    private static let interval = Duration.milliseconds(250)

    /// Runs work, and tells now and then how far it is.
    ///
    /// - Parameters:
    ///   - tell: Told how far it is; where it throws, because nobody listens any more, the work is cancelled.
    ///   - work: Says how far it is as often as it likes.
    /// - Returns: What `work` returns.
    /// - Throws: What either throws.
    static func follow<T: Sendable>(
        _ tell: @escaping @Sendable (WorkProgress) async throws -> Void,
        _ work: @escaping @Sendable (@escaping @Sendable (WorkProgress) -> Void) async throws -> T
    ) async throws -> T {
        let latest = Latest()
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await work { latest.set($0) } }
            group.addTask {
                while true {
                    try await Task.sleep(for: interval)
                    try await tell(latest.value)
                }
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }
}

private final class Latest: Sendable {
    private let kept = Mutex(WorkProgress("begin"))

    var value: WorkProgress { kept.withLock { $0 } }

    func set(_ progress: WorkProgress) { kept.withLock { $0 = progress } }
}
