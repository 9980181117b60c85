import Logging
import ObjectStore

/// Lets a store that only reads, because the disk failed, find out now and then whether it may be written to again.
final class SelfCheckTask: Sendable {
    /// How often to look whether there is something to find out.
    private static let interval = Duration.seconds(5)
    /// The longest time between two attempts.
    private static let longest = Duration.seconds(300)

    private let task: Task<Void, Never>

    init(_ store: Store, interval: Duration = SelfCheckTask.interval) {
        task = Task {
            var wait = interval
            while (try? await Task.sleep(for: wait)) != nil {
                guard store.readOnlyReason != nil else {
                    wait = interval
                    continue
                }
                let isWell = await store.verifyItself()
                wait = isWell ? interval : min(wait * 2, Self.longest)
            }
        }
    }

    /// Ends after the attempt that is under way.
    func stop() async {
        task.cancel()
        await task.value
    }
}
