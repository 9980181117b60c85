import ObjectStore
import S3Protocol
import S3Service

/// Sends events to one webhook in the background, for as long as the daemon serves: one that does not answer keeps no
/// other waiting.
final class WebhookTask: Sendable {
    /// The longest time without a look, in milliseconds: a clock that is set must not hold events back for long.
    private static let longestPause: Int64 = 60_000

    private let task: Task<Void, Never>

    /// Sends what an earlier daemon left, and then each event when it is written or due again.
    ///
    /// - Parameters:
    ///   - delivery: Sends the events.
    ///   - mailbox: Where they are.
    ///   - time: The clock.
    ///   - rest: Waits so long, while the store takes note of nothing; less where the task is cancelled.
    init(
        _ delivery: WebhookDelivery,
        _ mailbox: Mailbox,
        time: any TimeSource = SystemTime(),
        rest: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        task = Task {
            try? await delivery.retryNow()
            var failures = 0
            while !Task.isCancelled, !mailbox.isClosed {
                let seen = mailbox.rings
                failures = await delivery.deliverDue() ? 0 : failures + 1
                guard failures == 0 else {
                    await rest(.seconds(WebhookDelivery.pause(after: failures)))
                    continue
                }
                let due = (try? delivery.nextDue()) ?? nil
                let pause = due.map { $0.milliseconds - time.now().milliseconds }
                let bounded = min(max(pause ?? Self.longestPause, 10), Self.longestPause)
                await mailbox.wait(after: seen, atMost: .milliseconds(bounded))
            }
        }
    }

    deinit { task.cancel() }

    /// Ends the request that is under way; its event is sent again after the next start.
    func stop() async {
        task.cancel()
        await task.value
    }
}
