import ObjectStore

/// Writes down again and again what access keys were last used for, for as long as the daemon serves.
///
/// A request costs no write for it. What the end of a process loses is a quarter of an hour, and IAM's own answers
/// are some minutes old too.
final class KeyUseTask: Sendable {
    private static let pause = Duration.seconds(15 * 60)

    private let task: Task<Void, Never>

    init(_ directory: Directory) {
        task = Task {
            while true {
                do { try await Task.sleep(for: Self.pause) } catch { return }
                // What is not written now is written the next time.
                try? await directory.writeUses()
            }
        }
    }

    /// Ends after the transaction that is under way.
    func stop() async {
        task.cancel()
        await task.value
    }
}
